using System.Text;
using Confluent.Kafka;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>Reads what was written, as an endpoint would.</summary>
internal static class Wires
{
    public static WireMessage Wire(Message<string, byte[]?> message, string? topicType = null) => new(
        message.Key is null ? null : Encoding.UTF8.GetBytes(message.Key),
        message.Value,
        new WireHeaders(message.Headers),
        new DateTimeOffset(message.Timestamp.UtcDateTime),
        topicType);

    public static Envelope Read(Message<string, byte[]?> message, string? topicType = null) => Read(Wire(message, topicType));

    public static Envelope Read(in WireMessage wire) => WireFormats.Of(wire).Read(wire);

    public static Message<string, byte[]?> Foreign(string? value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string, byte[]?> { Key = "k", Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = [], Timestamp = new Timestamp(0, TimestampType.CreateTime) };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return message;
    }
}
