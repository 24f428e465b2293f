using System.Text;
using Confluent.Kafka;
using Outbox.Kafka.Formats.CloudEvents;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// Payloads that transforms have changed are bytes. They are the value in the envelope's and in CloudEvents' binary format, where headers say all the rest; a structured CloudEvent has them in
/// <c>data_base64</c>.
/// </summary>
internal static class EncodedPayloads
{
    public static Message<string, byte[]?> Write(IRecordFormat format, OutboxMessage message, ReadOnlyMemory<byte> bytes)
    {
        if (format is CloudEventsStructuredFormat)
        {
            return format.Write(message);
        }

        // As a tombstone, whose headers say all that there is to say.
        var record = format.Write(message with { Payload = null, Encoded = null });
        record.Value = bytes.ToArray();
        record.Headers.Remove(MessageHeaders.ContentType);
        record.Headers.Add(MessageHeaders.ContentType, WireText.Bytes(WireText.Binary));
        if (format is EnvelopeFormat)
        {
            AddMissing(record.Headers, MessageHeaders.EntityId, message.EntityId);
            AddMissing(record.Headers, MessageHeaders.EntityType, message.EntityType);
            AddMissing(record.Headers, MessageHeaders.Timestamp, CloudEventAttributes.TimeOf(message.Timestamp));
        }

        return record;
    }

    private static void AddMissing(Headers headers, string name, string value)
    {
        if (!headers.TryGetLastBytes(name, out _))
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }
}
