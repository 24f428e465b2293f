using MongoDB.Bson;
using Outbox.Operations.Seeing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb;

/// <summary>What a process has counted since it started, as a part of a document that it writes anyhow. The server says since when: a count that is smaller than the one before is another.</summary>
internal static class RunningTotals
{
    /// <param name="path">Where it is in the document.</param>
    /// <param name="count">The count.</param>
    public static BsonDocument Of(string path, long count)
    {
        var isSame = Op("$lte", Op("$ifNull", $"${path}.count", long.MaxValue), count);
        return new BsonDocument { { "count", count }, { "since", Op("$cond", isSame, $"${path}.since", Now) } };
    }

    /// <param name="of">What counts.</param>
    /// <param name="total">The part of the document; nothing where an earlier version wrote it.</param>
    /// <param name="at">When it was written.</param>
    public static RunningTotal? Read(string of, BsonValue? total, DateTimeOffset? at) =>
        total is BsonDocument known && known.GetValue("since", null) is BsonDateTime since && at is not null
            ? new RunningTotal(of, new DateTimeOffset(since.ToUniversalTime()), known["count"].ToInt64(), at.Value)
            : null;
}
