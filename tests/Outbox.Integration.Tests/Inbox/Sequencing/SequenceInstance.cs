using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

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

    public IHeldMessages Held => _host.Services.GetRequiredService<IHeldMessages>();

    public IMongoCollection<BsonDocument> Parked => Collections.InboxParked;

    private IInbox Inbox => _host.Services.GetRequiredService<IInbox>();

    private OutboxCollections Collections => _host.Services.GetRequiredService<OutboxCollections>();

    private IMongoCollection<BsonDocument> Histories => Collections.Database.GetCollection<BsonDocument>("histories");

    public static async Task<SequenceInstance> StartAsync(string database, Action<SequenceOptions>? options = null, TimeProvider? time = null, Action<SequenceOptions>? topic = null)
    {
        var mongo = await MongoDbServer.GetAsync();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        var settings = MongoClientSettings.FromConnectionString(mongo.ConnectionString);
        Interleaving.Observe(settings);
        Crash.Observe(settings);
        builder.Services.AddOwnClient(settings);
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongo.ConnectionString;
                m.DatabaseName = database;
            });
            o.RelayEnabled = false;
            if (topic is not null)
            {
                o.Topic(Topic, t => t.Sequence(topic));
            }

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
    public async Task<InboxOutcome?> ReceiveAsync(string entity, long version)
    {
        var outcome = await TryAsync(entity, version);
        while (outcome == InboxOutcome.Early && await WaitAsync(entity, version) == WaitOutcome.Ready)
        {
            outcome = await TryAsync(entity, version);
        }

        if (outcome == InboxOutcome.ProcessedAndAwaited)
        {
            await FollowAsync(entity);
        }

        return outcome;
    }

    public Task<WaitOutcome> WaitAsync(string entity, long version) => Buffer.AddAsync(Of(entity), Message(entity, version), CancellationToken.None);

    public Task<InboxOutcome> ProcessAsync(string entity, long version, bool inSequence = true) => Inbox.ExecuteAsync(
        new InboxRecord(Endpoint, $"{entity}-{version}", "entry", entity, version) { Sequence = inSequence ? Of(entity) : null },
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
            var outcome = await TryAsync(entity, next.Version!.Value);
            Assert.NotEqual(InboxOutcome.Early, outcome);
            if (outcome is null)
            {
                return;
            }

            await Buffer.RemoveAsync(next, CancellationToken.None);
        }
    }

    public Task<WaitOutcome> QueueAsync(string entity, long version) => Held.AddAsync(Of(entity), Message(entity, version), CancellationToken.None);

    /// <summary>What the rider does with a message of an endpoint that holds entities whose messages failed.</summary>
    public async Task ReceiveUnlessHeldAsync(string entity, long version)
    {
        while (await Held.HoldsAsync(Of(entity), CancellationToken.None))
        {
            if (await QueueAsync(entity, version) == WaitOutcome.Waiting)
            {
                return;
            }
        }

        await TryAsync(entity, version, inSequence: false);
    }

    /// <summary>The failed message succeeds now, and what queued behind it is run.</summary>
    public async Task RetryHoldingAsync(string entity, long version)
    {
        await ProcessAsync(entity, version, inSequence: false);
        await Held.ReleaseAsync(Of(entity), Message(entity, version), CancellationToken.None);
        await FollowQueueAsync(entity);
    }

    public async Task FollowQueueAsync(string entity)
    {
        while (await Held.NextAsync(Of(entity), CancellationToken.None) is { } next)
        {
            await ProcessAsync(entity, next.Version!.Value, inSequence: false);
            await Buffer.RemoveAsync(next, CancellationToken.None);
        }
    }

    public async Task<IReadOnlyList<string>> ReasonsAsync(string entity)
    {
        var parked = await Parked.Find(new BsonDocument("entityId", entity)).Sort(new BsonDocument("version", 1)).ToListAsync();
        return parked.ConvertAll(document => $"{document["version"]} {document["reason"]}");
    }

    /// <summary>A person has all tried again that failed.</summary>
    public async Task RetryFailedAsync(string entity)
    {
        foreach (var parked in await Parked.Find(new BsonDocument { { "entityId", entity }, { "reason", "failed" } }).ToListAsync())
        {
            await _host.Services.GetRequiredService<IInboxOperations>().RetryAsync(parked["_id"].ToString()!, "repaired");
        }
    }

    /// <summary>A person gives a message up.</summary>
    public async Task DiscardAsync(string entity, long version)
    {
        var parked = await Parked.Find(new BsonDocument { { "entityId", entity }, { "version", version } }).SingleAsync();
        await _host.Services.GetRequiredService<IInboxOperations>().DiscardAsync(parked["_id"].ToString()!, "given up");
    }

    public Task ParkAsync(string entity, long version, string error = "failed", bool hold = false) => _host.Services.GetRequiredService<IInboxParking>().ParkAsync(
        Message(entity, version) with { Reason = ParkReason.Failed, Error = error, Attempts = 1, Hold = hold, InSequence = !hold }, CancellationToken.None);

    public Task<IReadOnlyList<Sequence>> ReadyAsync() => Buffer.ReadyAsync(Endpoint, Topic, CancellationToken.None);

    /// <summary>What the rider's sweep does.</summary>
    public async Task<IReadOnlyList<OverdueGap>> SweepAsync()
    {
        var gaps = await Buffer.ExpireAsync(Endpoint, Topic, CancellationToken.None);
        foreach (var sequence in await ReadyAsync())
        {
            await FollowQueueAsync(sequence.EntityId);
            await FollowAsync(sequence.EntityId);
        }

        foreach (var parked in await Buffer.RetriesAsync(Endpoint, Topic, CancellationToken.None))
        {
            await (parked.Hold ? RetryHoldingAsync(parked.EntityId!, parked.Version!.Value) : RetryAsync(parked));
        }

        return gaps;
    }

    public async Task<IReadOnlyList<long>> HistoryAsync(string entity)
    {
        var history = await Histories.Find(new BsonDocument("_id", entity)).FirstOrDefaultAsync();
        return history is null ? [] : [.. history["versions"].AsBsonArray.Select(version => version.ToInt64())];
    }

    public Task<long> WaitingAsync(string entity, long upTo = long.MaxValue) => Parked.CountDocumentsAsync(
        new BsonDocument { { "entityId", entity }, { "reason", "gap" }, { "version", new BsonDocument("$lte", upTo) } });

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

    private async Task RetryAsync(ParkedMessage parked)
    {
        if (await ReceiveAsync(parked.EntityId!, parked.Version!.Value) is not null and not InboxOutcome.Early)
        {
            await Buffer.RemoveAsync(parked, CancellationToken.None);
        }
    }

    /// <returns>The outcome; <see langword="null"/> if the handler failed and the message was parked.</returns>
    private async Task<InboxOutcome?> TryAsync(string entity, long version, bool inSequence = true)
    {
        try
        {
            return await ProcessAsync(entity, version, inSequence);
        }
        catch (InvalidOperationException error)
        {
            await ParkAsync(entity, version, error.Message, hold: !inSequence);
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }
}
