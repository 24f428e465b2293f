using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Cli.Tests.Importing;

/// <summary>
/// MassTransit's relay as its source has it (BusOutboxDeliveryService): it lists outboxes by their states, and of each it writes a lock token, sends and removes messages in the order of their numbers,
/// and writes the state, all in one transaction.
/// </summary>
internal sealed class OldMassTransit(IMongoDatabase database, Func<BsonDocument, Task> send)
{
    private static readonly FindOneAndUpdateOptions<BsonDocument> After = new() { ReturnDocument = ReturnDocument.After };

    private readonly IMongoCollection<BsonDocument> _messages = database.GetCollection<BsonDocument>("outbox.messages");
    private readonly IMongoCollection<BsonDocument> _states = database.GetCollection<BsonDocument>("outbox.states");

    public int Sent { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var outboxes = await _states.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("Created", 1)).Limit(100).ToListAsync(CancellationToken.None);
            foreach (var outbox in outboxes.TakeWhile(_ => !cancellation.IsCancellationRequested))
            {
                try
                {
                    while (await DeliverAsync(outbox["_id"]))
                    {
                    }
                }
                catch (MongoException)
                {
                    // It logs it, and looks at this outbox again later.
                }
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }

    private async Task<bool> DeliverAsync(BsonValue id)
    {
        using var session = await database.Client.StartSessionAsync();
        session.StartTransaction(new TransactionOptions(ReadConcern.Majority, ReadPreference.Primary, WriteConcern.WMajority));
        var one = new BsonDocument("_id", id);
        var state = await _states.FindOneAndUpdateAsync(session, one, new BsonDocument("$set", new BsonDocument("LockToken", ObjectId.GenerateNewId())), After);
        var goesOn = true;
        if (state is null)
        {
            await _states.InsertOneAsync(session, new BsonDocument { { "_id", id }, { "LockToken", ObjectId.Empty }, { "Created", DateTime.MinValue }, { "Version", 1 } });
        }
        else if (state.GetValue("Delivered", BsonNull.Value) != BsonNull.Value)
        {
            await _messages.DeleteManyAsync(session, new BsonDocument("OutboxId", id));
            await _states.DeleteOneAsync(session, one);
            goesOn = false;
        }
        else
        {
            await SendAsync(session, id, state);
        }

        await session.CommitTransactionAsync();
        return goesOn;
    }

    private async Task SendAsync(IClientSessionHandle session, BsonValue id, BsonDocument state)
    {
        const int limit = 100;
        var last = state.GetValue("LastSequenceNumber", BsonNull.Value) is BsonInt64 number ? number.Value : 0;
        var behind = new BsonDocument { { "OutboxId", id }, { "SequenceNumber", new BsonDocument("$gt", last) } };
        var messages = await _messages.Find(session, behind).Sort(new BsonDocument("SequenceNumber", 1)).Limit(limit + 1).ToListAsync();
        foreach (var message in messages.Take(limit))
        {
            await send(message);
            Sent++;
            await _messages.DeleteOneAsync(session, new BsonDocument("MessageId", message["MessageId"]));
            state["LastSequenceNumber"] = message["SequenceNumber"];
        }

        if (messages.Count < limit)
        {
            state["Delivered"] = DateTime.UtcNow;
        }

        state["Version"] = state["Version"].AsInt32 + 1;
        await _states.FindOneAndReplaceAsync(session, new BsonDocument { { "_id", id }, { "Version", new BsonDocument("$lt", state["Version"]) } }, state);
    }
}
