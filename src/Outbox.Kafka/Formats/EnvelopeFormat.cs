using System.Text.Json;
using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// The default wire format: the value is a JSON envelope around the payload, and headers repeat what a consumer needs before it parses.
/// </summary>
internal sealed class EnvelopeFormat : IRecordFormat
{
    /// <summary>Marks a value that is the payload alone: what Debezium's outbox event router publishes from our documents.</summary>
    private const string PayloadContentType = "application/vnd.outbox.payload+json";

    private static readonly byte[] ContentType = "application/json"u8.ToArray();
    private static readonly JsonEncodedText MessageId = JsonEncodedText.Encode("messageId");
    private static readonly JsonEncodedText EntityId = JsonEncodedText.Encode("entityId");
    private static readonly JsonEncodedText EntityType = JsonEncodedText.Encode("entityType");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Intent = JsonEncodedText.Encode("intent");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText SchemaVersion = JsonEncodedText.Encode("schemaVersion");
    private static readonly JsonEncodedText Payload = JsonEncodedText.Encode("payload");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");

    public Message<string, byte[]?> Write(OutboxMessage message) => new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = message.Payload is null ? null : WriteValue(message, message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) => headers.Has(MessageHeaders.MessageId) || IsBarePayload(headers);

    public static bool IsBarePayload(WireHeaders headers) => headers.Hint(MessageHeaders.ContentType) == PayloadContentType;

    public string? TypeOf(in WireMessage message) => message.Headers.Type(MessageHeaders.Type);

    public Envelope Read(in WireMessage message) =>
        message.Value is null || IsBarePayload(message.Headers) || message.Headers.IsEncoded
            ? EnvelopeReader.ReadHeaders(message)
            : EnvelopeReader.Read(message);

    private static byte[] WriteValue(OutboxMessage message, string payload)
    {
        var buffer = JsonBuffer.Start();
        var json = buffer.Json;
        json.WriteStartObject();
        buffer.Write(MessageId, message.MessageId);
        buffer.Write(EntityId, message.EntityId);
        buffer.Write(EntityType, message.EntityType);
        json.WriteNumber(Version, message.Version);
        json.WriteString(Intent, WireText.Name(message.Intent));
        buffer.Write(Type, message.Type);
        if (message.SchemaVersion > 1)
        {
            json.WriteNumber(SchemaVersion, message.SchemaVersion);
        }

        json.WritePropertyName(Payload);
        json.WriteRawValue(payload, skipInputValidation: true);
        json.WriteString(Timestamp, message.Timestamp);
        json.WriteEndObject();
        return buffer.Take();
    }

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageHeaders.MessageId, WireText.Bytes(message.MessageId) },
            { MessageHeaders.Type, WireText.Bytes(message.Type) },
            { MessageHeaders.Version, WireText.Bytes(message.Version) },
            { MessageHeaders.Intent, WireText.Bytes(message.Intent) },
            { MessageHeaders.ContentType, ContentType },
        };
        if (message.SchemaVersion > 1)
        {
            headers.Add(MessageHeaders.SchemaVersion, WireText.Bytes(message.SchemaVersion));
        }

        if (message.PartitionKey is not null || message.EntityId.Contains('\0', StringComparison.Ordinal))
        {
            // Without it a tombstone would be taken for one of the entity that its key names, and such a key is not taken for text.
            headers.Add(MessageHeaders.EntityId, WireText.Bytes(message.EntityId));
        }

        foreach (var (name, value) in message.Headers)
        {
            headers.Add(name, WireText.Bytes(value));
        }

        return headers;
    }
}
