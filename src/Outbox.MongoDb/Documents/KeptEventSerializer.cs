using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>Reads events without a document between: an entity is made of many. It reads the fields in any order, and skips those of later versions.</summary>
internal sealed class KeptEventSerializer : SealedClassSerializerBase<KeptEvent>
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    private static readonly Lazy<bool> Registered = new(() => BsonSerializer.TryRegisterSerializer(new KeptEventSerializer()));

    public static void Register() => _ = Registered.Value;

    protected override KeptEvent DeserializeValue(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        var reader = context.Reader;
        var fields = new Fields();
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            var name = reader.ReadName();
            try
            {
                fields.Read(reader, name);
            }
            catch (Exception error) when (error is FormatException or InvalidOperationException or ArithmeticException or ArgumentException)
            {
                throw new OutboxException($"The field '{name}' of event {fields.Version} of {fields.EntityType} {fields.EntityId} in the history cannot be read: {error.Message}", error);
            }
        }

        reader.ReadEndDocument();
        return new KeptEvent(fields.ToMessage(), fields.IsErased);
    }

    private struct Fields
    {
        private string? _messageId, _topic, _type, _payload, _partitionKey;
        private Dictionary<string, string>? _headers;
        private DateTimeOffset _timestamp;
        private int _schemaVersion;

        public string? EntityType { get; private set; }

        public string? EntityId { get; private set; }

        public long Version { get; private set; }

        public bool IsErased { get; private set; }

        public void Read(IBsonReader reader, string name)
        {
            switch (name)
            {
                case "_id": ReadKey(reader); break;
                case "messageId": _messageId = reader.ReadString(); break;
                case "topic": _topic = reader.ReadString(); break;
                case "type": _type = reader.ReadString(); break;
                case "schemaVersion": _schemaVersion = checked((int)reader.ReadNumber()); break;
                case "payload": _payload = reader.ReadStringOrNull(); break;
                case "headers": reader.ReadHeaders(_headers ??= []); break;
                case "timestamp": _timestamp = reader.ReadTime(); break;
                case "partitionKey": _partitionKey = reader.ReadString(); break;
                case "erased": IsErased = true; reader.SkipValue(); break;
                default: reader.SkipValue(); break;
            }
        }

        public readonly OutboxMessage ToMessage() => new()
        {
            MessageId = _messageId ?? throw Missing("messageId"),
            Lane = 0,
            Topic = _topic ?? throw Missing("topic"),
            EntityType = EntityType ?? throw Missing("_id"),
            EntityId = EntityId ?? throw Missing("_id"),
            Version = Version,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = _type ?? throw Missing("type"),
            Payload = _payload,
            SchemaVersion = Math.Max(_schemaVersion, 1),
            Headers = _headers ?? NoHeaders,
            Timestamp = _timestamp,
            PartitionKey = _partitionKey,
        };

        private readonly OutboxException Missing(string field) => new(
            $"Event {Version} of {EntityType} {EntityId} in the history has no field '{field}', so it was not written by this framework, or was changed since.");

        private void ReadKey(IBsonReader reader)
        {
            reader.ReadStartDocument();
            while (reader.ReadBsonType() != BsonType.EndOfDocument)
            {
                switch (reader.ReadName())
                {
                    case "entityType": EntityType = reader.ReadString(); break;
                    case "entityId": EntityId = reader.ReadString(); break;
                    case "version": Version = reader.ReadNumber(); break;
                    default: reader.SkipValue(); break;
                }
            }

            reader.ReadEndDocument();
        }
    }
}
