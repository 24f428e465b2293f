using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Seeing;

/// <summary>A process of the service, as it shows itself in the database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsAlive">Whether it was heard of lately, in any of its parts.</param>
internal sealed record Instance(string Name, bool IsAlive)
{
    /// <summary>The lanes that it publishes.</summary>
    public IReadOnlyList<int> Lanes { get; init; } = [];

    /// <summary>When its relay was seen last, if it has one.</summary>
    public DateTimeOffset? RelaySeenAt { get; init; }

    /// <summary>Until when it counts as alive, as it said itself.</summary>
    public DateTimeOffset? AliveUntil { get; init; }

    /// <summary>What it consumes.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>A relay that runs shows itself several times in a lease, which is 10 seconds unless the service says otherwise.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Instance>> ReadAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var lanes = (await Lane.ReadAsync(place, cancellation).ConfigureAwait(false)).ToLookup(lane => lane.Owner, lane => lane.Number);
        var relays = await TimesAsync(place.Collections.Relays, "seenAt", cancellation).ConfigureAwait(false);
        var writers = await TimesAsync(place.Collections.Instances, "expiresAt", cancellation).ConfigureAwait(false);
        var endpoints = (await EndpointsAsync(place, cancellation).ConfigureAwait(false)).ToLookup(presence => presence.Instance);
        var now = place.Now;
        return [.. relays.Keys.Union(writers.Keys).Union(endpoints.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(name =>
        {
            DateTimeOffset? seen = relays.TryGetValue(name, out var at) ? at : null;
            DateTimeOffset? until = writers.TryGetValue(name, out var end) ? end : null;
            return new Instance(name, lanes[name].Any() || now - seen < Silent || until > now || endpoints[name].Any(presence => presence.IsAlive))
            {
                Lanes = [.. lanes[name]],
                RelaySeenAt = seen,
                AliveUntil = until,
                Endpoints = [.. endpoints[name].Select(presence => presence.Endpoint).Distinct().Order(StringComparer.Ordinal)],
            };
        })];
    }

    /// <summary>The endpoints of all instances; those that ended without a word stay for a week.</summary>
    public static async Task<IReadOnlyList<Presence>> EndpointsAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var found = await place.Collections.InboxEndpoints.Find(new BsonDocument()).ToListAsync(cancellation).ConfigureAwait(false);
        var now = place.Now.UtcDateTime;
        return found.ConvertAll(document => new Presence(
            document["_id"]["endpoint"].AsString, document["_id"]["topic"].AsString, document["_id"]["instance"].AsString, document["expiresAt"].ToUniversalTime() > now)
        {
            Faults = FaultsOf(document),
        });
    }

    private static IReadOnlyList<EndpointFault> FaultsOf(BsonDocument document) =>
        document.GetValue("state", BsonNull.Value) is BsonDocument state && state.GetValue("faults", BsonNull.Value) is BsonArray faults
            ? [.. faults.OfType<BsonDocument>().Select(fault => new EndpointFault(fault["reason"].ToString() ?? "", new DateTimeOffset(fault["since"].ToUniversalTime())))]
            : [];

    private static async Task<Dictionary<string, DateTimeOffset>> TimesAsync(IMongoCollection<BsonDocument> collection, string field, CancellationToken cancellation)
    {
        var found = await collection.Find(new BsonDocument()).Project(new BsonDocument(field, 1)).Limit(1_000).ToListAsync(cancellation).ConfigureAwait(false);
        return found.ToDictionary(document => document["_id"].AsString, document => new DateTimeOffset(document[field].ToUniversalTime()));
    }
}

/// <summary>An endpoint of one process.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Topic">Its topic, or a pattern of topics, as the brokers know it.</param>
/// <param name="Instance">The process.</param>
/// <param name="IsAlive">Whether it was heard of lately.</param>
internal sealed record Presence(string Endpoint, string Topic, string Instance, bool IsAlive)
{
    /// <summary>What keeps it from consuming.</summary>
    public IReadOnlyList<EndpointFault> Faults { get; init; } = [];
}
