using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Statistics;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;
using Outbox.Statistics;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>Looks at an outbox, query after query, each along an index and bounded.</summary>
internal sealed class MongoOverview(OutboxCollections collections, StoreTotals totals, SeenParts parts, IPauses pauses, IInstallation installation) : IOutboxOverview
{
    /// <summary>Whoever asks for a list waits for it, and may cancel it.</summary>
    private static readonly TimeSpan OfList = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Overview> ReadAsync(OverviewRequest? request = null, CancellationToken cancellationToken = default)
    {
        request ??= new OverviewRequest();
        var now = await NowAsync(cancellationToken).ConfigureAwait(false);
        var (query, limit) = (new BoundedQuery(request.QueryTimeout), request.QueryTimeout);
        var seen = await totals.ReadAsync(new Overview(now), query, cancellationToken).ConfigureAwait(false);
        var lanes = await query.RunAsync("lanes", stop => parts.Lanes.LanesAsync(now, limit, stop), cancellationToken).ConfigureAwait(false);
        var documents = lanes is null ? null : await query.RunAsync("relays", stop => parts.Lanes.RelaysAsync(limit, stop), cancellationToken).ConfigureAwait(false);
        var relays = lanes is null || documents is null ? null : LaneReading.Living(lanes, documents, now);
        seen = seen with
        {
            Lanes = lanes?.Count,
            LanesWithoutOwner = lanes is null ? null : [.. lanes.Where(lane => lane.Owner is null).Select(lane => lane.Number)],
            Relays = relays,
            ClosedPlaces = relays is null ? null : LaneReading.Closed(relays, documents!),
            Endpoints = seen.InboxParked is not { } parked ? null
                : await query.RunAsync("endpoints", stop => parts.Endpoints.ReadAsync(parked, now, limit, stop), cancellationToken).ConfigureAwait(false),
            Pauses = await query.RunAsync("pauses", stop => pauses.ListPausesAsync(stop), cancellationToken).ConfigureAwait(false),
        };
        return OverviewJudge.Judge(seen with { Unknown = [.. query.Parts.Select(part => new UnknownPart(part.What, part.Reason))] }, request);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneStatus>> ListLanesAsync(CancellationToken cancellationToken = default)
    {
        var now = await NowAsync(cancellationToken).ConfigureAwait(false);
        var query = new BoundedQuery(new OverviewRequest().QueryTimeout);
        var lanes = new List<LaneStatus>();
        foreach (var lane in await parts.Lanes.LanesAsync(now, OfList, cancellationToken).ConfigureAwait(false))
        {
            lanes.Add(lane with
            {
                // What takes too long once does for the others too.
                Pending = query.Parts.Count > 0 ? null : await query.RunAsync("pending", stop => totals.PendingAsync(lane.Number, query.Limit, stop), cancellationToken).ConfigureAwait(false),
            });
        }

        return lanes;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InstanceStatus>> ListInstancesAsync(CancellationToken cancellationToken = default) =>
        await parts.Instances.ReadAsync(await NowAsync(cancellationToken).ConfigureAwait(false), OfList, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndpointStatus>> ListEndpointsAsync(CancellationToken cancellationToken = default)
    {
        var now = await NowAsync(cancellationToken).ConfigureAwait(false);
        var parked = await totals.InboxAsync(OfList, cancellationToken).ConfigureAwait(false);
        return await parts.Endpoints.ReadAsync(parked, now, OfList, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Page<WaitingSequence>> ListWaitingAsync(string? endpoint = null, string? cursor = null, int size = 100, CancellationToken cancellationToken = default)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await parts.Waiting.ReadAsync(endpoint, cursor, size, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The server's time, of servers of all versions.</summary>
    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var hello = await collections.Database.RunCommandAsync<BsonDocument>(new BsonDocument("isMaster", 1), ReadPreference.Primary, cancellationToken).ConfigureAwait(false);
        return new DateTimeOffset(hello["localTime"].ToUniversalTime());
    }
}
