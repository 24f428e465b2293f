using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.History.Storing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Replaying;

/// <summary>Keeps how far replays are in <c>history.replays</c>. What a lease protects is changed by its owner alone, so one that was paused finds out with its next write.</summary>
internal sealed class MongoHistoryReplays(OutboxCollections collections, IOptions<OutboxOptions> options, TimeProvider time) : IHistoryReplays, IHistoryReplayStore
{
    private static readonly BsonDocument Oldest = new("requestedAt", 1);
    private static readonly FindOneAndUpdateOptions<BsonDocument, BsonDocument?> Changed = new() { ReturnDocument = ReturnDocument.After };

    private IMongoCollection<BsonDocument> Replays => collections.HistoryReplays;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistoryReplay>> ListAsync(CancellationToken cancellationToken) =>
        (await Replays.Find(FilterDefinition<BsonDocument>.Empty).Sort(Oldest).ToListAsync(cancellationToken).ConfigureAwait(false)).ConvertAll(HistoryReplayDocument.Read);

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string into, CancellationToken cancellationToken) =>
        (await Replays.UpdateOneAsync(Active(new BsonDocument("_id", into)), Cancelled(), cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount > 0;

    /// <inheritdoc/>
    public async Task<string?> AddAsync(IOutboxTransaction transaction, ReplayHistory ask, CancellationToken cancellationToken)
    {
        var last = await Replays.Find(transaction.Session, new BsonDocument("_id", ask.Into)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (last is not null && last["requestId"] == ask.RequestId)
        {
            return null;
        }

        if (last is not null && HistoryReplayDocument.StateOf(last) is HistoryReplayState.Waiting or HistoryReplayState.Running or HistoryReplayState.Cancelling)
        {
            return $"another one goes to topic '{ask.Into}' ({last["state"]}, request {last["requestId"]}). Wait for its end, or cancel it";
        }

        await Replays.UpdateOneAsync(
            transaction.Session, new BsonDocument("_id", ask.Into), HistoryReplayDocument.Begin(ask), new UpdateOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public Task RefuseAsync(IOutboxTransaction transaction, AnsweredTopic topic, ReplayHistory ask, string why, CancellationToken cancellationToken)
    {
        var refused = new HistoryReplay(ask.Into, ask.RequestId, ask.Topic, ask.Endpoint, HistoryReplayState.Refused) { Error = why };
        return collections.Outbox.InsertOneAsync(transaction.Session, ReplayMessages.Said(topic, refused, options.Value.Lanes, time.GetUtcNow()), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task CancelAsync(IOutboxTransaction transaction, CancelHistoryReplay ask, CancellationToken cancellationToken) =>
        Replays.UpdateOneAsync(transaction.Session, Active(HistoryReplayDocument.Of(ask.Into, ask.RequestId)), Cancelled(), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async Task<HistoryReplay?> TakeAsync(string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var due = Op("$lte", Op("$ifNull", "$notBefore", new BsonDateTime(0)), Now);
        var next = await Replays.Find(new BsonDocument(HistoryReplayDocument.IsActive).Add("$expr", due)).Sort(Oldest).Limit(1).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (next is null)
        {
            return null;
        }

        var free = Op("$lte", Op("$ifNull", "$lease.expiresAt", new BsonDateTime(0)), Now);
        var mine = Op("$eq", "$lease.owner", HistoryReplayDocument.Literal(instance));
        var taken = await Replays.FindOneAndUpdateAsync(
            Active(HistoryReplayDocument.Of(next["_id"].AsString, next["requestId"].AsString)).Add("$expr", Op("$or", free, mine)),
            HistoryReplayDocument.Set(new BsonDocument
            {
                { "lease", HistoryReplayDocument.Lease(instance, lease) },
                { "steppedAt", Now },
                { "state", Op("$cond", Op("$eq", "$state", HistoryReplayDocument.NameOf(HistoryReplayState.Waiting)), HistoryReplayDocument.NameOf(HistoryReplayState.Running), "$state") },
            }),
            Changed,
            cancellationToken).ConfigureAwait(false);
        return taken is null ? null : HistoryReplayDocument.Read(taken);
    }

    /// <inheritdoc/>
    public async Task<bool> AdvanceAsync(HistoryReplay replay, HistoryPlace? place, string instance, TimeSpan lease, CancellationToken cancellationToken)
    {
        var fields = new BsonDocument { { "lease", HistoryReplayDocument.Lease(instance, lease) }, { "events", replay.Events }, { "total", (BsonValue?)replay.Total ?? BsonNull.Value } };
        if (place is { } reached)
        {
            fields.Add("place", HistoryReplayDocument.PlaceOf(reached));
            fields.Add("error", BsonNull.Value);
        }

        var running = Mine(replay, instance).Add("state", HistoryReplayDocument.NameOf(HistoryReplayState.Running));
        return (await Replays.UpdateOneAsync(running, HistoryReplayDocument.Set(fields), cancellationToken: cancellationToken).ConfigureAwait(false)).MatchedCount > 0;
    }

    /// <inheritdoc/>
    public Task EndAsync(HistoryReplay replay, string instance, CancellationToken cancellationToken) => Replays.UpdateOneAsync(
        Mine(replay, instance),
        HistoryReplayDocument.Set(new BsonDocument
        {
            { "state", HistoryReplayDocument.NameOf(replay.State) },
            { "error", HistoryReplayDocument.TextOf(replay.Error) },
            { "lease", BsonNull.Value },
            { "endedAt", Now },
        }),
        cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseAsync(HistoryReplay replay, string instance, TimeSpan rest, CancellationToken cancellationToken) => Replays.UpdateOneAsync(
        Mine(replay, instance),
        HistoryReplayDocument.Set(new BsonDocument { { "error", HistoryReplayDocument.TextOf(replay.Error) }, { "lease", BsonNull.Value }, { "notBefore", In(rest) } }),
        cancellationToken: cancellationToken);

    private static BsonDocument Active(BsonDocument which) => which.Merge(HistoryReplayDocument.IsActive);

    private static BsonDocument Mine(HistoryReplay replay, string instance) => HistoryReplayDocument.Of(replay.Into, replay.RequestId).Add("lease.owner", instance);

    /// <summary>One that waits for something is looked at now.</summary>
    private static UpdateDefinition<BsonDocument> Cancelled() => HistoryReplayDocument.Set(
        new BsonDocument { { "state", HistoryReplayDocument.NameOf(HistoryReplayState.Cancelling) }, { "notBefore", BsonNull.Value } });
}
