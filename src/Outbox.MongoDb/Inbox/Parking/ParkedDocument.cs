using MongoDB.Bson;
using Outbox.Inbox;

namespace Outbox.MongoDb.Inbox.Parking;

/// <summary>A parked message as a document of <c>inbox.parked</c>.</summary>
internal static class ParkedDocument
{
    /// <summary>The value belongs to the identity: a topic that was created anew has other messages at the same offsets.</summary>
    public static BsonDocument Identity(ParkedMessage message) => new()
    {
        { "endpoint", message.Endpoint },
        { "topic", message.Topic },
        { "partition", message.Partition },
        { "offset", message.Offset },
        { "value", Bytes(message.Value) },
    };

    /// <summary>All other fields. What an earlier parking has left behind goes.</summary>
    public static BsonDocument Update(ParkedMessage message, DateTimeOffset now) => new()
    {
        {
            "$set", new BsonDocument
            {
                { "key", Bytes(message.Key) },
                { "headers", new BsonArray(message.Headers.Select(header => new BsonDocument { { "name", header.Key }, { "value", Bytes(header.Value) } })) },
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
                { "parkedAt", now.UtcDateTime },
                { "hold", true, message.Hold },
                { "inSequence", true, message.InSequence },
                { "deadline", message.Deadline?.UtcDateTime ?? default, message.Deadline is not null },
                { "retry", true, message.RetryAt is not null },
                { "retryAt", message.RetryAt?.UtcDateTime ?? default, message.RetryAt is not null },
            }
        },
        { "$unset", Left(message) },
    };

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

    private static ParkReason Reason(string name) => name switch
    {
        "failed" => ParkReason.Failed,
        "gap" => ParkReason.Gap,
        "held" => ParkReason.Held,
        _ => ParkReason.Unreadable,
    };

    private static BsonDocument Left(ParkedMessage message)
    {
        var left = new BsonDocument { { "overdue", "" }, { "askAt", "" } };
        left.Add("retry", "", message.RetryAt is null).Add("retryAt", "", message.RetryAt is null);
        left.Add("hold", "", !message.Hold);
        left.Add("inSequence", "", !message.InSequence);
        return left.Add("deadline", "", message.Deadline is null);
    }

    private static BsonValue Omitted(OmittedValue? value) =>
        value is null ? BsonNull.Value : new BsonDocument { { "size", value.Size }, { "sha256", value.Sha256 } };

    private static string? Text(BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value.AsString : null;

    private static DateTimeOffset? Time(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) ? new DateTimeOffset(value.ToUniversalTime()) : null;

    private static BsonValue Bytes(byte[]? value) => value is null ? BsonNull.Value : new BsonBinaryData(value);

    private static byte[]? Bytes(BsonValue value) => value.IsBsonNull ? null : value.AsByteArray;
}
