using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>The causes of what is parked. Without a filter the server reads nothing but an index.</summary>
internal static class FailureGroups
{
    public static async Task<IReadOnlyList<FailureGroup>> ReadAsync(IMongoCollection<BsonDocument> parked, BsonDocument filter, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var found = await parked.Aggregate<BsonDocument>(Pipeline(filter, limit), new AggregateOptions { Hint = IndexFor(filter) }, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var ids = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(found.Select(group => group["example"]))));
        var examples = (await parked.Find(ids).Project(new BsonDocument { { "errorGroup", 1 }, { "errorTitle", 1 } }).ToListAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(example => example["_id"], FailureFields.Read);
        return found.ConvertAll(group => Read(group, examples.GetValueOrDefault(group["example"], FailureRecord.None)));
    }

    /// <summary>A filter of one entity has few; all else goes along the groups.</summary>
    public static BsonDocument IndexFor(BsonDocument filter) => filter.Contains("entityId") ? FailureIndexes.Listed("entityId") : FailureIndexes.Groups;

    /// <summary>Along the index of the groups the first of each is the one that is parked for the longest time.</summary>
    public static BsonDocument[] Pipeline(BsonDocument filter, int limit) =>
    [
        new("$match", filter),
        new("$group", new BsonDocument
        {
            { "_id", "$" + FailureFields.Group },
            { "count", new BsonDocument("$sum", 1L) },
            { "oldest", new BsonDocument("$min", "$parkedAt") },
            { "newest", new BsonDocument("$max", "$parkedAt") },
            { "example", new BsonDocument("$first", "$_id") },
            { "topics", new BsonDocument("$addToSet", "$topic") },
            { "endpoints", new BsonDocument("$addToSet", "$endpoint") },
        }),
        new("$sort", new BsonDocument { { "count", -1 }, { "_id", 1 } }),
        new("$limit", limit),
    ];

    private static FailureGroup Read(BsonDocument group, FailureRecord example)
    {
        var name = group["_id"] is BsonString known ? known.Value : FailureGroup.Ungrouped;
        var title = name == example.Group ? example.Title : name;
        return new FailureGroup(name, title, group["count"].ToInt64(), At(group["oldest"]), At(group["newest"]), group["example"].ToString()!)
        {
            Topics = Names(group["topics"]),
            Endpoints = Names(group["endpoints"]),
        };
    }

    private static DateTimeOffset At(BsonValue time) => time is BsonDateTime at ? new DateTimeOffset(at.ToUniversalTime()) : default;

    private static List<string> Names(BsonValue names) => [.. names.AsBsonArray.OfType<BsonString>().Select(name => name.Value).Order(StringComparer.Ordinal)];
}
