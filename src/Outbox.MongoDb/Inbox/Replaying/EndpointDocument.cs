using MongoDB.Bson;
using Outbox.Inbox.Health;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Inbox.Replaying;

/// <summary>How an endpoint is, as a part of its document of <c>inbox.endpoints</c>. What an instance says has lasted for a while becomes a time of the server's.</summary>
internal static class EndpointDocument
{
    /// <summary>An instance has few causes; each of them is told as long as a person would read it.</summary>
    private const int LongestReason = 1_000;

    public static BsonDocument Of(EndpointReport report) => new()
    {
        { "partitions", report.Partitions },
        { "lag", report.Lag is { } lag ? lag : BsonNull.Value },
        { "consumedAt", Ago(report.Idle) },
        { "consumed", RunningTotals.Of("state.consumed", report.Consumed) },
        { "faults", new BsonArray(report.Faults.Select(fault => new BsonDocument { { "reason", new BsonDocument("$literal", Short(fault.Reason)) }, { "since", Ago(fault.For) } })) },
    };

    private static string Short(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
