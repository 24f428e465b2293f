using MongoDB.Bson;
using Outbox.Messages;
using Outbox.Operations.Explaining;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Reads what there is of a message, whatever collection it is in and whatever its document lacks.</summary>
internal static class TraceDocument
{
    /// <summary>All but what may be large or secret.</summary>
    public static readonly BsonDocument WithoutContent = new() { { "payload", 0 }, { "headers", 0 }, { "key", 0 }, { "value", 0 } };

    public static TracedMessage Pending(BsonDocument document) => Of(document, "timestamp") with
    {
        Lane = document.GetValue("lane", null) is { IsNumeric: true } lane ? Outbox.Delivery.Leases.Lane.Base(lane.ToInt32()) : null,
        NotBefore = Time(document, "notBefore"),
    };

    public static TracedMessage Sent(BsonDocument document) => Of(document, "sentAt");

    public static TracedMessage Parked(BsonDocument document) => Failed(document) with { HoldsEntity = document.GetValue("hold", false).ToBoolean() };

    public static TracedMessage InboxParked(BsonDocument document) => Failed(document) with
    {
        MessageId = Text(document, "messageId") ?? "",
        Endpoint = Text(document, "endpoint"),
        Outcome = Text(document, "reason"),
        HoldsEntity = document.GetValue("hold", false).ToBoolean(),
        RetryRequested = document.GetValue("retry", false).ToBoolean(),
        NotBefore = Time(document, "retryAt"),
        Deadline = Time(document, "deadline"),
        ParkedId = document["_id"].ToString(),
    };

    public static TracedMessage Processed(BsonDocument document)
    {
        var id = document["_id"].AsBsonDocument;
        return Of(document, "processedAt") with { MessageId = Text(id, "messageId") ?? "", Endpoint = Text(id, "endpoint"), Topic = Text(id, "topic") ?? "", Outcome = Text(document, "outcome") };
    }

    public static string? Text(BsonDocument document, string name) => (document.GetValue(name, null) as BsonString)?.Value;

    public static DateTimeOffset? Time(BsonDocument document, string name) =>
        document.GetValue(name, null) is BsonDateTime time ? new DateTimeOffset(time.ToUniversalTime()) : null;

    private static TracedMessage Failed(BsonDocument document) => Of(document, "parkedAt") with
    {
        Error = Text(document, "error"),
        Attempts = document.GetValue("attempts", 0) is { IsNumeric: true } attempts ? attempts.ToInt32() : 0,
    };

    private static TracedMessage Of(BsonDocument document, string at) => new(
        Text(document, "_id") ?? "",
        new Entity(Text(document, "entityType") ?? "", Text(document, "entityId") ?? ""),
        Text(document, "type") ?? "",
        Text(document, "topic") ?? "",
        document.GetValue("version", null) is { IsNumeric: true } version ? version.ToInt64() : null,
        Time(document, at) ?? default);
}
