using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Operations.Explaining;
using Outbox.MongoDb.Statistics;
using Outbox.Operations.Seeing;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>Reads the endpoints: what their instances have written down, and what is parked of them.</summary>
internal sealed class EndpointReading(OutboxCollections collections)
{
    private const int Most = 1_000;

    /// <summary>Each endpoint of each process, the dead ones too.</summary>
    public async Task<IReadOnlyList<BsonDocument>> PresencesAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        await collections.InboxEndpoints.Find(new BsonDocument(), new FindOptions { Hint = SeeingIndexes.Id, MaxTime = limit }).Sort(SeeingIndexes.Id).Limit(Most)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <param name="parked">What is parked of all endpoints.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="limit">How long a query may take.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<EndpointStatus>> ReadAsync(IReadOnlyList<ParkedTotal> parked, DateTimeOffset now, TimeSpan limit, CancellationToken cancellationToken)
    {
        var present = (await PresencesAsync(limit, cancellationToken).ConfigureAwait(false)).ToLookup(presence => presence["_id"]["endpoint"].AsString, StringComparer.Ordinal);
        var counts = parked.ToLookup(total => total.Place, StringComparer.Ordinal);
        var readModels = await ReadModelsAsync(counts.Select(group => group.Key).Where(name => !present.Contains(name)), limit, cancellationToken).ConfigureAwait(false);
        var endpoints = new List<EndpointStatus>();
        foreach (var endpoint in present.Select(group => group.Key).Union(counts.Select(group => group.Key)).Order(StringComparer.Ordinal).Take(Most))
        {
            var status = Of(endpoint, [.. present[endpoint]], counts[endpoint].ToDictionary(total => total.Reason, total => total.Count), now) with { IsReadModel = readModels.Contains(endpoint) };
            var mayBeOverdue = counts[endpoint].Any(total => total.Reason == ParkReason.Gap);
            endpoints.Add(mayBeOverdue ? status with { OverdueGaps = await OverdueAsync(endpoint, now, limit, cancellationToken).ConfigureAwait(false) } : status);
        }

        return endpoints;
    }

    /// <summary>Those names that are builds of read models: they consume, and do not show themselves.</summary>
    private async Task<IReadOnlySet<string>> ReadModelsAsync(IEnumerable<string> names, TimeSpan limit, CancellationToken cancellationToken)
    {
        BsonArray wanted = [.. names];
        if (wanted.Count == 0)
        {
            return new HashSet<string>();
        }

        var found = await collections.Projections.Find(new BsonDocument("_id", new BsonDocument("$in", wanted)), new FindOptions { MaxTime = limit }).Project(new BsonDocument("_id", 1))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.Select(build => build["_id"].AsString).ToHashSet(StringComparer.Ordinal);
    }

    public static bool IsAlive(BsonDocument presence, DateTimeOffset now) => TraceDocument.Time(presence, "expiresAt") > now;

    private static EndpointStatus Of(string endpoint, IReadOnlyList<BsonDocument> present, Dictionary<ParkReason, long> parked, DateTimeOffset now)
    {
        var alive = present.Where(presence => IsAlive(presence, now)).ToList();
        var states = alive.Select(presence => presence.GetValue("state", null)).OfType<BsonDocument>().ToList();
        var lags = states.Select(state => state.GetValue("lag", null)).Where(lag => lag is { IsNumeric: true }).ToList();
        return new EndpointStatus(endpoint, alive.Select(presence => presence["_id"]["instance"].AsString).Distinct().Count())
        {
            Topics = [.. present.Select(presence => presence["_id"]["topic"].AsString).Distinct().Order(StringComparer.Ordinal)],
            Partitions = states.Sum(state => state.GetValue("partitions", 0).ToInt32()),
            Lag = lags.Count == 0 ? null : lags.Sum(lag => lag.ToInt64()),
            LastConsumedAt = present.Select(presence => presence.GetValue("state", null)).OfType<BsonDocument>().Max(state => TraceDocument.Time(state, "consumedAt")),
            Faults = [.. states.SelectMany(FaultsOf).DistinctBy(fault => fault.Reason)],
            Failed = parked.GetValueOrDefault(ParkReason.Failed),
            Unreadable = parked.GetValueOrDefault(ParkReason.Unreadable),
            Waiting = parked.GetValueOrDefault(ParkReason.Gap) + parked.GetValueOrDefault(ParkReason.Held),
            Consumed = [.. alive.Select(TotalOf).OfType<RunningTotal>()],
        };
    }

    private static IEnumerable<EndpointFault> FaultsOf(BsonDocument state) => state.GetValue("faults", null) is not BsonArray faults ? [] : faults.OfType<BsonDocument>()
        .Select(fault => new EndpointFault(TraceDocument.Text(fault, "reason") ?? "", TraceDocument.Time(fault, "since") ?? default));

    private static RunningTotal? TotalOf(BsonDocument presence)
    {
        var id = presence["_id"];
        var total = presence.GetValue("state", null) is BsonDocument state ? state.GetValue("consumed", null) : null;
        return RunningTotals.Read($"{id["instance"].AsString} {id["endpoint"].AsString} {id["topic"].AsString}", total, TraceDocument.Time(presence, "seenAt"));
    }

    private Task<long> OverdueAsync(string endpoint, DateTimeOffset now, TimeSpan limit, CancellationToken cancellationToken) => collections.InboxParked.CountDocumentsAsync(
        new BsonDocument { { "endpoint", endpoint }, { "reason", "gap" }, { "deadline", new BsonDocument("$lt", now.UtcDateTime) } },
        new CountOptions { Limit = PendingMessages.MostCounted, MaxTime = limit },
        cancellationToken);
}
