using MongoDB.Bson;
using MongoDB.Bson.IO;
using Outbox.Messages;

namespace Outbox.MongoDb.Capture;

/// <summary>Reads the stored fields of a message in any order; fields of later versions are skipped.</summary>
internal sealed class OutboxMessageDocument
{
    private readonly Dictionary<string, string> _headers = [];
    private string? _messageId, _topic, _entityType, _entityId, _intent, _type, _payload, _partitionKey;
    private int _lane, _ordinal;
    private int _schemaVersion = 1;
    private MessageFormat _format;
    private long _version;
    private DateTimeOffset _timestamp;
    private DateTimeOffset? _notBefore, _expiresAt;

    public static OutboxMessage Read(IBsonReader reader)
    {
        var document = new OutboxMessageDocument();
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            document.ReadField(reader, reader.ReadName());
        }

        reader.ReadEndDocument();
        return document.ToMessage();
    }

    private void ReadField(IBsonReader reader, string name)
    {
        switch (name)
        {
            case "_id": _messageId = reader.ReadString(); break;
            case "lane": _lane = reader.ReadInt32(); break;
            case "topic": _topic = reader.ReadString(); break;
            case "entityType": _entityType = reader.ReadString(); break;
            case "entityId": _entityId = reader.ReadString(); break;
            case "version": _version = reader.ReadInt64(); break;
            case "ordinal": _ordinal = reader.ReadInt32(); break;
            case "intent": _intent = reader.ReadString(); break;
            case "type": _type = reader.ReadString(); break;
            case "schemaVersion": _schemaVersion = reader.ReadInt32(); break;
            case "format": _format = FormatNames.Parse(reader.ReadString()); break;
            case "payload": _payload = ReadStringOrNull(reader); break;
            case "headers": ReadHeaders(reader); break;
            case "timestamp": _timestamp = ReadTime(reader); break;
            case "partitionKey": _partitionKey = reader.ReadString(); break;
            case "notBefore": _notBefore = ReadTime(reader); break;
            case "expiresAt": _expiresAt = ReadTime(reader); break;
            default: reader.SkipValue(); break;
        }
    }

    private OutboxMessage ToMessage() => new()
    {
        MessageId = Need(_messageId, "_id"),
        Lane = _lane,
        Topic = Need(_topic, "topic"),
        EntityType = Need(_entityType, "entityType"),
        EntityId = Need(_entityId, "entityId"),
        Version = _version,
        Ordinal = _ordinal,
        Intent = IntentNames.Parse(Need(_intent, "intent")),
        Type = Need(_type, "type"),
        SchemaVersion = _schemaVersion,
        Format = _format,
        Payload = _payload,
        Headers = _headers,
        Timestamp = _timestamp,
        PartitionKey = _partitionKey,
        NotBefore = _notBefore,
        ExpiresAt = _expiresAt,
    };

    private string Need(string? value, string field) =>
        value ?? throw new OutboxException($"The outbox document '{_messageId}' has no '{field}'. It was not written by this framework; remove it by hand.");

    private static string? ReadStringOrNull(IBsonReader reader)
    {
        if (reader.CurrentBsonType != BsonType.Null)
        {
            return reader.ReadString();
        }

        reader.ReadNull();
        return null;
    }

    private void ReadHeaders(IBsonReader reader)
    {
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            _headers[reader.ReadName()] = reader.ReadString();
        }

        reader.ReadEndDocument();
    }

    private static DateTimeOffset ReadTime(IBsonReader reader) => DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadDateTime());
}
