using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Operations.Explaining.Facts;
using static Outbox.MongoDb.Expressions;
using static Outbox.MongoDb.Operations.Explaining.TraceDocument;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Reads what the instances of endpoints have written down of themselves.</summary>
internal sealed class EndpointReports(OutboxCollections collections)
{
    private const int Most = 1_000;

    private static readonly BsonDocument[] All = [new("$sort", TraceIndexes.Id), new("$limit", Most), new("$set", new BsonDocument("alive", Op("$gt", "$expiresAt", Now)))];

    public async Task<IReadOnlyList<EndpointFacts>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await collections.InboxEndpoints.Aggregate<BsonDocument>(All, new AggregateOptions { Hint = TraceIndexes.Id }, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var replays = await collections.InboxReplays.Find(new BsonDocument(), new FindOptions { Hint = TraceIndexes.Id }).Limit(Most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.GroupBy(one => (Endpoint: one["_id"]["endpoint"].AsString, Topic: one["_id"]["topic"].AsString))
            .Select(endpoint => Of(endpoint.Key.Endpoint, endpoint.Key.Topic, [.. endpoint], replays.Find(replay => replay["_id"] == endpoint.Key.Endpoint)))];
    }

    /// <summary>Whether an endpoint consumes a topic, whose name on the brokers may have a prefix.</summary>
    public static bool Consumes(EndpointFacts endpoint, string topic) => endpoint.Topic == topic
        || (endpoint.Topic.EndsWith(topic, StringComparison.Ordinal) && !char.IsLetterOrDigit(endpoint.Topic[^(topic.Length + 1)]))
        || (endpoint.Topic.StartsWith('^') && Regex.IsMatch(topic, endpoint.Topic, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    private static EndpointFacts Of(string endpoint, string topic, IReadOnlyList<BsonDocument> instances, BsonDocument? replay)
    {
        var alive = instances.Where(instance => instance["alive"].ToBoolean()).ToList();
        var states = alive.Select(instance => instance.GetValue("state", null)).OfType<BsonDocument>().ToList();
        return new EndpointFacts(endpoint, topic, alive.Count, instances.Max(instance => Time(instance, "seenAt") ?? Time(instance, "expiresAt") ?? default))
        {
            Partitions = states.Sum(state => state["partitions"].ToInt32()),
            Lag = states.Exists(state => state["lag"].IsNumeric) ? states.Sum(state => state["lag"].IsNumeric ? state["lag"].ToInt64() : 0) : null,
            ConsumedAt = states.Max(state => Time(state, "consumedAt")),
            Faults = [.. states.SelectMany(state => state["faults"].AsBsonArray).Select(fault => (Text(fault.AsBsonDocument, "reason") ?? "", Time(fault.AsBsonDocument, "since") ?? default)).DistinctBy(fault => fault.Item1)],
            Replay = replay is null ? null : Text(replay, "phase") switch
            {
                "pausing" => $"its instances stop for replay or snapshot {replay["generation"]}",
                "resetting" => $"what replay or snapshot {replay["generation"]} needs is being made",
                _ => null,
            },
        };
    }
}
