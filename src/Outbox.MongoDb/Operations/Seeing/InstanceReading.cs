using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Explaining;
using Outbox.Operations.Seeing;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>Reads the processes of the service, from what each of their parts has written down.</summary>
internal sealed class InstanceReading(OutboxCollections collections, LaneReading lanes, EndpointReading endpoints)
{
    private const int Most = 1_000;

    public async Task<IReadOnlyList<InstanceStatus>> ReadAsync(DateTimeOffset now, TimeSpan limit, CancellationToken cancellationToken)
    {
        var owned = (await lanes.LanesAsync(now, limit, cancellationToken).ConfigureAwait(false)).Where(lane => lane.Owner is not null).ToLookup(lane => lane.Owner!, lane => lane.Number);
        var relays = await lanes.RelaysAsync(limit, cancellationToken).ConfigureAwait(false);
        var consuming = (await endpoints.PresencesAsync(limit, cancellationToken).ConfigureAwait(false)).ToLookup(presence => presence["_id"]["instance"].AsString, StringComparer.Ordinal);
        var found = await collections.Instances.Find(new BsonDocument(), new FindOptions { Hint = SeeingIndexes.Id, MaxTime = limit }).Sort(SeeingIndexes.Id).Limit(Most)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var writers = found.ToDictionary(writer => writer["_id"].AsString, writer => TraceDocument.Time(writer, "expiresAt"), StringComparer.Ordinal);
        return [.. relays.Keys.Union(writers.Keys).Union(consuming.Select(group => group.Key)).Order(StringComparer.Ordinal).Take(Most).Select(name =>
        {
            var seen = relays.TryGetValue(name, out var relay) ? TraceDocument.Time(relay, "seenAt") : null;
            var until = writers.GetValueOrDefault(name);
            var isAlive = owned[name].Any() || now - seen < LaneReading.Silence || until > now || consuming[name].Any(presence => EndpointReading.IsAlive(presence, now));
            return new InstanceStatus(name, isAlive)
            {
                Lanes = [.. owned[name]],
                RelaySeenAt = seen,
                AliveUntil = until,
                Endpoints = [.. consuming[name].Select(presence => presence["_id"]["endpoint"].AsString).Distinct().Order(StringComparer.Ordinal)],
            };
        })];
    }
}
