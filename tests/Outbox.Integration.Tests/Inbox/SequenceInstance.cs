using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>
/// One instance of an endpoint in sequence, without a transport: it hands messages to the inbox as the rider does. Its handler appends the version to the
/// entity's history, which a repeated or misplaced effect would show in.
/// </summary>
internal sealed class SequenceInstance : IAsyncDisposable
{
    private const string Endpoint = "ledger";
    private const string Topic = "entries";

    private readonly IHost _host;
    private readonly ConcurrentDictionary<string, bool> _failing = new();

    private SequenceInstance(IHost host) => _host = host;

    public IReorderBuffer Buffer => _host.Services.GetRequiredService<IReorderBuffer>();

    public IMongoCollection<BsonDocument> Parked => Collections.InboxParked;

    private IInbox Inbox => _host.Services.GetRequiredService<IInbox>();

    private OutboxCollections Collections => _host.Services.GetRequiredService<OutboxCollections>();

    private IMongoCollection<BsonDocument> Histories => Collections.Database.GetCollection<BsonDocument>("histories");

    public static async Task<SequenceInstance> StartAsync(string database, Action<SequenceOptions>? options = null, TimeProvider? time = null)
    {
        var mongo = await MongoDbServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongo.ConnectionString;
                m.DatabaseName = database;
            });
            o.RelayEnabled = false;
            o.Sequence(options ?? (_ => { }));
        });
        var instance = new SequenceInstance(builder.Build());
        await instance._host.Services.GetRequiredService<Outbox.MongoDb.Installation.MongoInstaller>().InstallAsync();
        await instance.Collections.Database.CreateCollectionIfMissingAsync("histories");
        return instance;
    }

    public static Sequence Of(string entity) => new(Endpoint, Topic, entity);

    /// <summary>A message whose handler fails from now on, or no longer.</summary>
    public void Fail(string entity, long version, bool fails = true) => _failing[$"{entity}/{version}"] = fails;

    /// <summary>What the rider does with a message that it reads.</summary>
    public async Task<InboxOutcome> ReceiveAsync(string entity, long version)
    {
        var outcome = await ProcessAsync(entity, version);
        while (outcome == InboxOutcome.Early && await Buffer.AddAsync(Of(entity), Message(entity, version), CancellationToken.None) == WaitOutcome.Ready)
        {
            outcome = await ProcessAsync(entity, version);
        }

        if (outcome == InboxOutcome.ProcessedAndAwaited)
        {
            await FollowAsync(entity);
        }

        return outcome;
    }

    public Task<InboxOutcome> ProcessAsync(string entity, long version) => Inbox.ExecuteAsync(
        new InboxRecord(Endpoint, $"{entity}-{version}", "entry", entity, version) { Sequence = Of(entity) },
        async (transaction, token) =>
        {
            await Histories.UpdateOneAsync(
                transaction.Session,
                new BsonDocument("_id", entity),
                Builders<BsonDocument>.Update.Push("versions", version),
                new UpdateOptions { IsUpsert = true },
                token);
            if (_failing.GetValueOrDefault($"{entity}/{version}"))
            {
                throw new InvalidOperationException("The handler fails.");
            }
        },
        CancellationToken.None);

    public async Task FollowAsync(string entity)
    {
        while (await Buffer.NextAsync(Of(entity), CancellationToken.None) is { } next)
        {
            var outcome = await ProcessAsync(entity, next.Version!.Value);
            Assert.NotEqual(InboxOutcome.Early, outcome);
            await Buffer.RemoveAsync(next, CancellationToken.None);
        }
    }

    /// <summary>What the rider's sweep does.</summary>
    public async Task<IReadOnlyList<OverdueGap>> SweepAsync()
    {
        var gaps = await Buffer.ExpireAsync(Endpoint, Topic, CancellationToken.None);
        foreach (var sequence in await Buffer.ReadyAsync(Endpoint, Topic, CancellationToken.None))
        {
            await FollowAsync(sequence.EntityId);
        }

        return gaps;
    }

    public async Task<IReadOnlyList<long>> HistoryAsync(string entity)
    {
        var history = await Histories.Find(new BsonDocument("_id", entity)).FirstOrDefaultAsync();
        return history is null ? [] : [.. history["versions"].AsBsonArray.Select(version => version.ToInt64())];
    }

    public Task<long> WaitingAsync(string entity) => Parked.CountDocumentsAsync(new BsonDocument { { "entityId", entity }, { "reason", "gap" } });

    public static ParkedMessage Message(string entity, long version) => new()
    {
        Endpoint = Endpoint,
        Topic = Topic,
        Partition = 0,
        Offset = version,
        Key = System.Text.Encoding.UTF8.GetBytes(entity),
        Value = System.Text.Encoding.UTF8.GetBytes($"{entity}/{version}"),
        Headers = [],
        MessageId = $"{entity}-{version}",
        EntityId = entity,
        Version = version,
        Reason = ParkReason.Gap,
        Error = "early",
        Attempts = 0,
    };

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }
}
