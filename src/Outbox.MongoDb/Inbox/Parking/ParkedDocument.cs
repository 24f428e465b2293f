using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Errors;

namespace Outbox.MongoDb.Inbox.Parking;

/// <summary>A parked message as a document of <c>inbox.parked</c>.</summary>
internal static class ParkedDocument
{
    private static readonly ErrorSignature WaitsForEarlier = new("gap", "Came before its predecessor");
    private static readonly ErrorSignature QueuesBehindFailed = new("held", "Queues behind one of its entity that failed");

    /// <summary>The value belongs to the identity: a topic that was created anew has other messages at the same offsets.</summary>
    public static BsonDocument Identity(ParkedMessage message) => new()
    {
        { "endpoint", message.Endpoint },
        { "topic", message.Topic },
        { "partition", message.Partition },
        { "offset", message.Offset },
        { "value", Bytes(message.Value) },
    };

    /// <summary>All other fields, with the server's time. What an earlier parking has left behind goes, and what is known of its failures stays.</summary>
    public static UpdateDefinition<BsonDocument> Update(ParkedMessage message, BsonDocument? more = null) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
    {
        new("$set", new BsonDocument(Fields(message).Select(field => new BsonElement(field.Name, Expressions.Literal(field.Value))))
            .Add("parkedAt", Expressions.Now)
            .Add(FailureFields.FirstFailedAt, Expressions.Op("$ifNull", "$" + FailureFields.FirstFailedAt, Expressions.Now), !IsWaiting(message.Reason))
            .Merge(more ?? [], overwriteExistingElements: true)),
        new("$unset", Left(message)),
    });

    public static ParkedMessage Read(BsonDocument document) => new()
    {
        Endpoint = document["endpoint"].AsString,
        Topic = document["topic"].AsString,
        Partition = document["partition"].ToInt32(),
        Offset = document["offset"].ToInt64(),
        Key = Bytes(document["key"]),
        Value = Bytes(document["value"]),
        Omitted = document.TryGetValue("omitted", out var omitted) ? new OmittedValue(omitted["size"].ToInt64(), omitted["sha256"].AsString) : null,
        Headers = [.. document["headers"].AsBsonArray.Select(header => KeyValuePair.Create(header["name"].AsString, Bytes(header["value"])))],
        Timestamp = Time(document, "timestamp"),
        MessageId = Text(document, "messageId"),
        EntityType = Text(document, "entityType"),
        EntityId = Text(document, "entityId"),
        Version = document.TryGetValue("version", out var version) ? version.ToInt64() : null,
        Type = Text(document, "type"),
        RecordTopic = Text(document, "recordTopic"),
        Reason = Reason(document["reason"].AsString),
        Error = document["error"].AsString,
        Signature = FailureFields.Signature(document),
        Attempts = document["attempts"].ToInt32(),
        Hold = document.GetValue("hold", false).AsBoolean,
        InSequence = document.GetValue("inSequence", false).AsBoolean,
        Deadline = Time(document, "deadline"),
        RetryAt = Time(document, "retryAt"),
    };

    public static string ReasonName(ParkReason reason) => reason switch
    {
        ParkReason.Failed => "failed",
        ParkReason.Gap => "gap",
        ParkReason.Held => "held",
        _ => "unreadable",
    };

    public static ParkReason Reason(string name) => name switch
    {
        "failed" => ParkReason.Failed,
        "gap" => ParkReason.Gap,
        "held" => ParkReason.Held,
        _ => ParkReason.Unreadable,
    };

    private static BsonDocument Fields(ParkedMessage message) => new BsonDocument
    {
        { "key", Bytes(message.Key) },
        { "headers", HeadersOf(message) },
        { "timestamp", message.Timestamp?.UtcDateTime ?? default, message.Timestamp is not null },
        { "messageId", message.MessageId, message.MessageId is not null },
        { "entityType", message.EntityType, message.EntityType is not null },
        { "entityId", message.EntityId, message.EntityId is not null },
        { "version", message.Version ?? 0L, message.Version is not null },
        { "type", message.Type, message.Type is not null },
        { "recordTopic", message.RecordTopic, message.RecordTopic is not null },
        { "omitted", Omitted(message.Omitted), message.Omitted is not null },
        { "reason", ReasonName(message.Reason) },
        { "error", message.Error },
        { "attempts", message.Attempts },
        { "hold", true, message.Hold },
        { "inSequence", true, message.InSequence },
        { "deadline", message.Deadline?.UtcDateTime ?? default, message.Deadline is not null },
        { "retry", true, message.RetryAt is not null },
        { "retryAt", message.RetryAt?.UtcDateTime ?? default, message.RetryAt is not null },
    }.AddRange(FailureFields.Of(SignatureOf(message)));

    private static bool IsWaiting(ParkReason reason) => reason is ParkReason.Gap or ParkReason.Held;

    /// <summary>What waits has not failed, and is in a group of its own.</summary>
    private static ErrorSignature SignatureOf(ParkedMessage message) => message.Reason switch
    {
        ParkReason.Gap => WaitsForEarlier,
        ParkReason.Held => QueuesBehindFailed,
        _ => message.Signature ?? ErrorSignature.Of(message.Error),
    };

    private static BsonArray Left(ParkedMessage message)
    {
        BsonArray left = ["overdue", "askAt"];
        left.AddRange(message.RetryAt is null ? new BsonArray { "retry", "retryAt" } : []);
        left.AddRange(message.Hold ? [] : new BsonArray { "hold" });
        left.AddRange(message.InSequence ? [] : new BsonArray { "inSequence" });
        left.AddRange(message.Deadline is null ? new BsonArray { "deadline" } : []);
        return left;
    }

    private static BsonValue Omitted(OmittedValue? value) =>
        value is null ? BsonNull.Value : new BsonDocument { { "size", value.Size }, { "sha256", value.Sha256 } };

    private static string? Text(BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value.AsString : null;

    private static DateTimeOffset? Time(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) ? new DateTimeOffset(value.ToUniversalTime()) : null;

    private static BsonValue Bytes(byte[]? value) => value is null ? BsonNull.Value : new BsonBinaryData(value);

    public static BsonArray HeadersOf(ParkedMessage message) => [.. message.Headers.Select(header => new BsonDocument { { "name", header.Key }, { "value", Bytes(header.Value) } })];

    private static byte[]? Bytes(BsonValue value) => value.IsBsonNull ? null : value.AsByteArray;
}
