using MongoDB.Bson;
using MongoDB.Bson.IO;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>Reads the stored fields of a message in any order; fields of later versions are skipped.</summary>
internal sealed class OutboxMessageDocument
{
    private readonly Dictionary<string, string> _headers = [];
    private string? _messageId, _topic, _entityType, _entityId, _type, _payload, _partitionKey, _notKnown, _transforms, _claim;
    private MessageIntent? _intent;
    private int? _lane;
    private int _ordinal;
    private int _schemaVersion = 1;
    private MessageFormat _format;
    private bool _isFiltered;
    private long? _version;
    private DateTimeOffset? _timestamp, _notBefore, _expiresAt;

    /// <exception cref="OutboxException">A field is missing, or is not what it should be; the message names it.</exception>
    public static OutboxMessage Read(IBsonReader reader)
    {
        var document = new OutboxMessageDocument();
        document.ReadFields(reader);
        document.Check();
        return document.ToMessage();
    }

    /// <summary>What can be read of a document that is not a message.</summary>
    public static OutboxMessage ReadWhatIsThere(BsonDocument stored)
    {
        var document = new OutboxMessageDocument();
        foreach (var field in stored)
        {
            using var reader = new BsonDocumentReader(new BsonDocument(field));
            try
            {
                document.ReadFields(reader);
            }
            catch (OutboxException)
            {
                // This field is not part of what can be read.
            }
        }

        document._messageId ??= stored.GetValue("_id", BsonNull.Value).ToString();
        return document.ToMessage();
    }

    private void ReadFields(IBsonReader reader)
    {
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            var name = reader.ReadName();
            try
            {
                ReadField(reader, name);
            }
            catch (Exception error) when (error is FormatException or InvalidOperationException or ArithmeticException or ArgumentException or OutboxException)
            {
                throw new OutboxException($"The field '{name}' of the stored document cannot be read: {error.Message}", error);
            }
        }

        reader.ReadEndDocument();
    }

    private void ReadField(IBsonReader reader, string name)
    {
        switch (name)
        {
            case "_id": _messageId = reader.ReadString(); break;
            case "lane": _lane = checked((int)reader.ReadNumber()); break;
            case "topic": _topic = reader.ReadString(); break;
            case "entityType": _entityType = reader.ReadString(); break;
            case "entityId": _entityId = reader.ReadString(); break;
            case "version": _version = reader.ReadNumber(); break;
            case "ordinal": _ordinal = checked((int)reader.ReadNumber()); break;
            case "intent": _intent = ReadName(reader, IntentNames.Parse); break;
            case "type": _type = reader.ReadString(); break;
            case "schemaVersion": _schemaVersion = checked((int)reader.ReadNumber()); break;
            case "format": _format = ReadName(reader, FormatNames.Parse); break;
            case "payload": _payload = reader.ReadStringOrNull(); break;
            case "transforms": _transforms = reader.ReadStringOrNull(); break;
            case "claim": _claim = reader.ReadStringOrNull(); break;
            case "headers": reader.ReadHeaders(_headers); break;
            case "filtered": _isFiltered = reader.ReadBoolean(); break;
            case "timestamp": _timestamp = reader.ReadTime(); break;
            case "partitionKey": _partitionKey = reader.ReadString(); break;
            case "notBefore": _notBefore = reader.ReadTime(); break;
            case "expiresAt": _expiresAt = reader.ReadTime(); break;
            default: reader.SkipValue(); break;
        }
    }

    private void Check()
    {
        var missing = _messageId is null ? "_id" : _lane is null ? "lane" : _topic is null ? "topic" : _entityType is null ? "entityType"
            : _entityId is null ? "entityId" : _version is null ? "version" : _intent is null ? "intent" : _type is null ? "type"
            : _timestamp is null ? "timestamp" : null;
        if (missing is not null)
        {
            throw new OutboxException($"The stored document has no field '{missing}', so it was not written by this framework, or was changed since.");
        }
    }

    private OutboxMessage ToMessage() => new()
    {
        MessageId = _messageId ?? "",
        Lane = _lane ?? 0,
        Topic = _topic ?? "",
        EntityType = _entityType ?? "",
        EntityId = _entityId ?? "",
        Version = _version ?? 0,
        Ordinal = _ordinal,
        Intent = _intent ?? MessageIntent.Event,
        Type = _type ?? "",
        SchemaVersion = _schemaVersion,
        Format = _format,
        Payload = _payload,
        Transforms = _transforms,
        Claim = _claim,
        Headers = _headers,
        IsFiltered = _isFiltered,
        Timestamp = _timestamp ?? default,
        PartitionKey = _partitionKey,
        NotKnownBecause = _notKnown,
        NotBefore = _notBefore,
        ExpiresAt = _expiresAt,
    };

    /// <summary>A name that only a later version knows is no fault of the document.</summary>
    private T ReadName<T>(IBsonReader reader, Func<string, T> parse)
        where T : struct
    {
        try
        {
            return parse(reader.ReadString());
        }
        catch (OutboxException error)
        {
            _notKnown ??= error.Message;
            return default;
        }
    }
}
