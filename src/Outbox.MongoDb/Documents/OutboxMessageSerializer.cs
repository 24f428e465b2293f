using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>The document of one outgoing message. Written by hand so that what is stored cannot change with a convention or a renamed property.</summary>
internal sealed class OutboxMessageSerializer : SealedClassSerializerBase<OutboxMessage>
{
    private static readonly Lazy<bool> Registered = new(() => BsonSerializer.TryRegisterSerializer(new OutboxMessageSerializer()));

    public static void Register() => _ = Registered.Value;

    protected override void SerializeValue(BsonSerializationContext context, BsonSerializationArgs args, OutboxMessage value)
    {
        var writer = context.Writer;
        writer.WriteStartDocument();
        writer.WriteString("_id", value.MessageId);
        writer.WriteInt32("lane", value.Lane);
        writer.WriteString("topic", value.Topic);
        writer.WriteString("entityType", value.EntityType);
        writer.WriteString("entityId", value.EntityId);
        writer.WriteInt64("version", value.Version);
        writer.WriteInt32("ordinal", value.Ordinal);
        writer.WriteString("intent", IntentNames.Of(value.Intent));
        writer.WriteString("type", value.Type);
        writer.WriteInt32("schemaVersion", value.SchemaVersion);
        if (value.Format != MessageFormat.Envelope)
        {
            writer.WriteString("format", FormatNames.Of(value.Format));
        }

        WriteOptional(writer, "payload", value.Payload, always: true);
        WriteHeaders(writer, value.Headers);
        WriteOptional(writer, "transforms", value.Transforms, always: false);
        WriteOptional(writer, "claim", value.Claim, always: false);
        if (value.IsFiltered)
        {
            writer.WriteBoolean("filtered", true);
        }

        writer.WriteDateTime("timestamp", value.Timestamp.ToUnixTimeMilliseconds());
        WriteOptional(writer, "partitionKey", value.PartitionKey, always: false);
        WriteOptional(writer, "notBefore", value.NotBefore);
        WriteOptional(writer, "expiresAt", value.ExpiresAt);
        writer.WriteEndDocument();
    }

    protected override OutboxMessage DeserializeValue(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        OutboxMessageDocument.Read(context.Reader);

    private static void WriteHeaders(IBsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        writer.WriteStartDocument("headers");
        foreach (var (name, value) in headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndDocument();
    }

    private static void WriteOptional(IBsonWriter writer, string name, string? value, bool always)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
        else if (always)
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteOptional(IBsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            writer.WriteDateTime(name, time.ToUnixTimeMilliseconds());
        }
    }
}
