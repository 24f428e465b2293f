using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;
using Outbox.Delivery.Health;
using Outbox.Operations.Pausing;

namespace Outbox.Cli.Seeing;

/// <summary>Looks at an outbox, with questions whose cost does not grow with what is in it.</summary>
internal sealed class StatusReading(OutboxPlace place)
{
    /// <summary>Nobody needs to know whether it is ten or twenty thousand.</summary>
    private const int Most = 10_000;

    private static readonly CountOptions Bounded = new() { Limit = Most };

    public async Task<StatusAnswer> ReadAsync(CancellationToken cancellation)
    {
        var backlog = await place.Get<IOutboxBacklog>().ReadAsync(cancellation).ConfigureAwait(false);
        var lanes = await Lane.ReadAsync(place, cancellation).ConfigureAwait(false);
        var pauses = await place.Get<IPauses>().ListPausesAsync(cancellation).ConfigureAwait(false);
        return new StatusAnswer(place.Name, place.Now)
        {
            Pending = backlog.Pending,
            OldestAgeSeconds = backlog.OldestAge is { } age ? Math.Round(age.TotalSeconds, 1) : null,
            Parked = backlog.Parked,
            InboxParked = backlog.InboxParked,
            Lanes = lanes.Count,
            LanesWithoutOwner = [.. lanes.Where(lane => lane.Owner is null).Select(lane => lane.Number)],
            Relays = lanes.Select(lane => lane.Owner).OfType<string>().Distinct().Count(),
            ClosedPlaces = await ClosedAsync([.. lanes.Select(lane => lane.Owner).OfType<string>().Distinct()], cancellation).ConfigureAwait(false),
            Endpoints = await EndpointsAsync(cancellation).ConfigureAwait(false),
            Pauses = [.. pauses.Select(PauseOf)],
        };
    }

    private static PauseStatus PauseOf(Pause pause) => new(
        pause.Target.ToString(), pause.Target.Kind.ToString().ToLowerInvariant(), pause.Target.Name, pause.Since, pause.Until, pause.By.ToString(), pause.Reason);

    /// <summary>Of relays that own lanes: what a dead one has written is out of date.</summary>
    private async Task<IReadOnlyList<ClosedPlace>> ClosedAsync(IReadOnlyCollection<string> relays, CancellationToken cancellation)
    {
        var found = await place.Collections.Relays.Find(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(relays)))).ToListAsync(cancellation).ConfigureAwait(false);
        return [.. found.SelectMany(relay => relay.GetValue("places", new BsonArray()).AsBsonArray.OfType<BsonDocument>())
            .Select(closed => new ClosedPlace(
                closed["topic"] is BsonString topic ? topic.Value : null,
                closed["partition"].IsNumeric ? closed["partition"].ToInt32() : null,
                closed["reason"].ToString() ?? "",
                new DateTimeOffset(closed["since"].ToUniversalTime())))
            .DistinctBy(closed => (closed.Topic, closed.Partition))];
    }

    private async Task<IReadOnlyList<EndpointStatus>> EndpointsAsync(CancellationToken cancellation)
    {
        var present = (await Instance.EndpointsAsync(place, cancellation).ConfigureAwait(false)).ToLookup(presence => presence.Endpoint);
        var parked = await (await place.Collections.InboxParked.DistinctAsync<string>("endpoint", new BsonDocument(), cancellationToken: cancellation).ConfigureAwait(false))
            .ToListAsync(cancellation).ConfigureAwait(false);
        var endpoints = new List<EndpointStatus>();
        foreach (var endpoint in present.Select(group => group.Key).Union(parked).Order(StringComparer.Ordinal))
        {
            endpoints.Add(new EndpointStatus(endpoint, present[endpoint].Where(presence => presence.IsAlive).Select(presence => presence.Instance).Distinct().Count())
            {
                Faults = [.. present[endpoint].Where(presence => presence.IsAlive).SelectMany(presence => presence.Faults).DistinctBy(fault => fault.Reason)],
                Failed = await CountAsync(endpoint, "failed", cancellation).ConfigureAwait(false),
                Unreadable = await CountAsync(endpoint, "unreadable", cancellation).ConfigureAwait(false),
                Waiting = await CountAsync(endpoint, "gap", cancellation).ConfigureAwait(false) + await CountAsync(endpoint, "held", cancellation).ConfigureAwait(false),
                OverdueGaps = await place.Collections.InboxParked.CountDocumentsAsync(Parked(endpoint, "gap").Add("deadline", new BsonDocument("$lt", place.Now.UtcDateTime)), Bounded, cancellation)
                    .ConfigureAwait(false),
            });
        }

        return endpoints;
    }

    private Task<long> CountAsync(string endpoint, string reason, CancellationToken cancellation) => place.Collections.InboxParked.CountDocumentsAsync(Parked(endpoint, reason), Bounded, cancellation);

    private static BsonDocument Parked(string endpoint, string reason) => new() { { "endpoint", endpoint }, { "reason", reason } };
}
