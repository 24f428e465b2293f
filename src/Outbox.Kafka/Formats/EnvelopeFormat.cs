using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// The default wire format: the value is a JSON envelope around the payload, and headers repeat what a consumer needs before it parses.
/// </summary>
internal static class EnvelopeFormat
{
    public const string ContentType = "application/json";

    public static Message<string, byte[]?> Write(OutboxMessage message) => new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = message.Payload is null ? null : WriteValue(message),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    private static byte[] WriteValue(OutboxMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Payload!.Length + 256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("messageId", message.MessageId);
        json.WriteString("entityId", message.EntityId);
        json.WriteString("entityType", message.EntityType);
        json.WriteNumber("version", message.Version);
        json.WriteString("intent", IntentName(message.Intent));
        json.WriteString("type", message.Type);
        json.WritePropertyName("payload");
        json.WriteRawValue(message.Payload!, skipInputValidation: true);
        json.WriteString("timestamp", message.Timestamp);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageHeaders.MessageId, Encoding.UTF8.GetBytes(message.MessageId) },
            { MessageHeaders.Type, Encoding.UTF8.GetBytes(message.Type) },
            { MessageHeaders.Version, Encoding.UTF8.GetBytes(message.Version.ToString(CultureInfo.InvariantCulture)) },
            { MessageHeaders.Intent, Encoding.UTF8.GetBytes(IntentName(message.Intent)) },
            { MessageHeaders.ContentType, Encoding.UTF8.GetBytes(ContentType) },
        };
        foreach (var (name, value) in message.Headers)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return headers;
    }

    internal static string IntentName(MessageIntent intent) => intent switch
    {
        MessageIntent.Command => "command",
        MessageIntent.Query => "query",
        _ => "event",
    };
}
