using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Repair;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.MongoDb;
using Outbox.Versioning;
using Sequence = Outbox.Inbox.Sequence;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>
/// An instance that is both the owner and the one who asks, without a transport: it takes each step of a repair by itself, so that it can be killed behind each of its database commands.
/// </summary>
internal sealed class RepairInstance : IAsyncDisposable
{
    private const string Endpoint = "ledger";
    private const string Topic = "entries";

    private readonly IHost _host;

    private RepairInstance(IHost host, FakeTimeProvider time) => (_host, Time) = (host, time);

    public FakeTimeProvider Time { get; }

    public IMongoCollection<BsonDocument> Messages => Collections.OutboxDocuments;

    public IMongoCollection<BsonDocument> Parked => Collections.InboxParked;

    private OutboxCollections Collections => Get<OutboxCollections>();

    private IMongoCollection<BsonDocument> Journals => Collections.Database.GetCollection<BsonDocument>("journals");

    private IReorderBuffer Buffer => Get<IReorderBuffer>();

    public static async Task<RepairInstance> StartAsync(string database)
    {
        var mongo = await MongoDbServer.GetAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton<TimeProvider>(time);
        var settings = MongoClientSettings.FromConnectionString(mongo.ConnectionString);
        Crash.Observe(settings);
        builder.Services.AddOwnClient(settings);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (mongo.ConnectionString, database));
            o.RelayEnabled = false;
            o.Sequence(s => s.AskOwner = TimeSpan.FromSeconds(30));
            o.Topic(Topic, t =>
            {
                t.EntityType = "entry";
                t.Ordering = MessageOrdering.Sequence;
                t.Message<OrderPlaced>();
                t.KeepHistory();
                t.AnswerGaps(a => a.PerMinute = 1_000_000);
            });
        });
        var instance = new RepairInstance(builder.Build(), time);
        await instance.Get<Outbox.MongoDb.Installation.MongoInstaller>().InstallAsync();
        await instance.Collections.Database.CreateCollectionIfMissingAsync("journals");
        return instance;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Four versions are kept, and the second is lost: the third and the fourth wait.</summary>
    public async Task BeginAsync(string entity)
    {
        for (var version = 1; version <= 4; version++)
        {
            var amount = version;
            await Get<IOutbox>().ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced(entity, amount), entity, amount);
                return Task.CompletedTask;
            });
        }

        var captured = (await ReadAsync(new BsonDocument { { "topic", Topic }, { "entityId", entity } })).OrderBy(message => message.Version).ToList();
        await Messages.DeleteManyAsync(new BsonDocument("entityId", entity));
        foreach (var message in captured.Where(message => message.Version != 2))
        {
            await ReceiveAsync(message);
        }
    }

    /// <summary>The sweep, the relay, the owner's endpoint, the relay, the endpoint that asked. What a relay has published it removes afterwards.</summary>
    public async Task RepairAsync(string entity)
    {
        Time.Advance(TimeSpan.FromHours(1));
        await Get<IGapRepair>().AskAsync(Endpoint, Topic, CancellationToken.None);
        foreach (var command in await ReadAsync(new BsonDocument { { "topic", RepairTopic.Of(Topic) }, { "entityId", entity } }))
        {
            await AnswerAsync(command);
            await Messages.DeleteOneAsync(new BsonDocument("_id", command.MessageId));
        }

        foreach (var repeated in (await ReadAsync(new BsonDocument { { "topic", Topic }, { "entityId", entity } })).OrderBy(message => message.NotBefore))
        {
            await ReceiveAsync(repeated);
            await Messages.DeleteOneAsync(new BsonDocument("_id", repeated.MessageId));
        }

        foreach (var sequence in await Buffer.ReadyAsync(Endpoint, Topic, CancellationToken.None))
        {
            await FollowAsync(sequence);
        }
    }

    public async Task<IReadOnlyList<long>> JournalAsync(string entity)
    {
        var journal = await Journals.Find(new BsonDocument("_id", entity)).FirstOrDefaultAsync();
        return journal is null ? [] : [.. journal["versions"].AsBsonArray.Select(version => version.ToInt64())];
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<List<OutboxMessage>> ReadAsync(BsonDocument filter) =>
        (await Messages.Find(filter).ToListAsync()).ConvertAll(document => BsonSerializer.Deserialize<OutboxMessage>(document));

    private Task AnswerAsync(OutboxMessage command)
    {
        var ask = System.Text.Json.JsonSerializer.Deserialize<RepublishVersions>(command.Payload!, MessageJson.Default)!;
        var topic = Get<AnsweredTopic>();
        return Get<IInbox>().ExecuteAsync(
            new InboxRecord(RepairTopic.Of(Topic), command.MessageId, command.Type, command.EntityId, command.Version),
            async (transaction, token) =>
            {
                var grant = await Get<IAnswerBudget>().TakeAsync(topic, (int)(ask.To - ask.From + 1), token);
                await Get<IRepublisher>().AnswerAsync(transaction, topic, ask, grant, token);
            },
            CancellationToken.None);
    }

    private async Task ReceiveAsync(OutboxMessage message)
    {
        var sequence = new Sequence(Endpoint, Topic, message.EntityId) { EntityType = message.EntityType };
        var outcome = await ProcessAsync(sequence, message.MessageId, message.Version);
        if (outcome == InboxOutcome.Early)
        {
            await Buffer.AddAsync(sequence, SequenceInstance.Message(message.EntityId, message.Version) with
            {
                Topic = Topic,
                EntityType = message.EntityType,
                MessageId = message.MessageId,
            }, CancellationToken.None);
        }
        else if (outcome == InboxOutcome.ProcessedAndAwaited)
        {
            await FollowAsync(sequence);
        }
    }

    private async Task FollowAsync(Sequence sequence)
    {
        while (await Buffer.NextAsync(sequence, CancellationToken.None) is { } next)
        {
            await ProcessAsync(sequence, next.MessageId!, next.Version!.Value);
            await Buffer.RemoveAsync(next, CancellationToken.None);
        }
    }

    private Task<InboxOutcome> ProcessAsync(Sequence sequence, string messageId, long version) => Get<IInbox>().ExecuteAsync(
        new InboxRecord(Endpoint, messageId, "order-placed", sequence.EntityId, version) { Sequence = sequence },
        (transaction, token) => Journals.UpdateOneAsync(
            transaction.Session, new BsonDocument("_id", sequence.EntityId), Builders<BsonDocument>.Update.Push("versions", version), new UpdateOptions { IsUpsert = true }, token),
        CancellationToken.None);
}
