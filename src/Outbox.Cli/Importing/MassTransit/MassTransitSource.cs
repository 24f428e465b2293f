using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.MassTransit;

/// <summary>
/// MassTransit's outbox in MongoDB. Its relay writes a new <c>LockToken</c> into the state of an outbox (its consumers, into that of a consumed message) at the begin of the transaction in which it sends and
/// removes its messages. The same write, in our transaction, is the same lock: of two open transactions MongoDB lets one have the document.
/// </summary>
internal sealed class MassTransitSource(IMongoDatabase database, string messages, string states, string inboxStates) : IPendingSource
{
    private static readonly FindOneAndUpdateOptions<BsonDocument> Only = new() { Projection = new BsonDocument("_id", 1) };

    private readonly IMongoCollection<BsonDocument> _states = database.GetCollection<BsonDocument>(states);
    private readonly IMongoCollection<BsonDocument> _inboxStates = database.GetCollection<BsonDocument>(inboxStates);

    public string Product => "MassTransit";

    public IMongoCollection<BsonDocument> Messages { get; } = database.GetCollection<BsonDocument>(messages);

    public BsonDocument Filter { get; } = [];

    public PendingDocument Read(BsonDocument document, DateTimeOffset now) => MassTransitMessages.Read(document);

    public Task MarkAsync(IReadOnlyList<PendingDocument> documents, DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EndPassAsync() => Task.CompletedTask;

    public Task<string?> RemarkAsync() => Task.FromResult<string?>(null);

    public async Task<IReadOnlyList<BsonDocument>> TakeAsync(IClientSessionHandle session, IReadOnlyList<PendingDocument> documents, CancellationToken cancellationToken)
    {
        foreach (var unit in documents.Select(document => document.Unit.AsBsonDocument).Distinct())
        {
            await LockAsync(session, unit, cancellationToken).ConfigureAwait(false);
        }

        var wanted = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(documents.Select(document => document.Key))));
        var found = await Messages.Find(session, wanted).ToListAsync(cancellationToken).ConfigureAwait(false);
        var taken = found.OrderBy(message => message.GetValue("SequenceNumber", 0L).ToInt64()).ThenBy(message => message["_id"]).ToList();
        if (taken.Count > 0)
        {
            var remove = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(taken.Select(message => message["_id"]))));
            await Messages.DeleteManyAsync(session, remove, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    /// <summary>States stay: the old relay removes those that it finds without messages, and nobody else needs them.</summary>
    private async Task LockAsync(IClientSessionHandle session, BsonDocument unit, CancellationToken cancellationToken)
    {
        var token = new BsonDocument("$set", new BsonDocument("LockToken", ObjectId.GenerateNewId()));
        var collection = unit.Contains("_id") ? _states : _inboxStates;
        var found = await collection.FindOneAndUpdateAsync(session, unit, token, Only, cancellationToken).ConfigureAwait(false);
        if (found is null && collection == _states)
        {
            // An outbox without a state is one that no relay looks for. One that did before would insert the state now, as this does.
            await _states.InsertOneAsync(session, new BsonDocument(unit) { { "Version", 1 } }, cancellationToken: cancellationToken).ConfigureAwait(false);
            await _states.DeleteOneAsync(session, unit, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
