using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Payloads;

public sealed class EncodedPayloadTests
{
    private static readonly byte[] Bytes = [0, 255, 1, 254];

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    public void What_transforms_have_left_is_carried_as_bytes_beside_every_field(MessageFormat format)
    {
        var written = Message(format);

        var read = Read(WireFormats.Write(written));

        Assert.Equal(Bytes, read.Payload!.Value.ToArray());
        Assert.Equal(
            (written.MessageId, written.EntityType, written.EntityId, written.Version, written.Type, written.SchemaVersion, written.Timestamp),
            (read.MessageId, read.EntityType, read.EntityId, read.Version!.Value, read.Type, read.SchemaVersion, read.Timestamp));
        Assert.Equal((written.Headers["correlationId"], written.Headers["causationId"]), (read.CorrelationId, read.CausationId));
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    public void The_value_is_the_bytes_and_says_that_it_is_no_JSON(MessageFormat format)
    {
        var wire = WireFormats.Write(Message(format));

        Assert.Equal(Bytes, wire.Value);
        Assert.Equal("application/octet-stream", Encoding.UTF8.GetString(Assert.Single(wire.Headers, header => header.Key == MessageHeaders.ContentType).GetValueBytes()));
    }

    [Fact]
    public void A_structured_CloudEvent_stays_one_whose_data_are_base64()
    {
        var wire = WireFormats.Write(Message(MessageFormat.CloudEventsStructured));

        using var json = JsonDocument.Parse(wire.Value);
        Assert.Equal(Convert.ToBase64String(Bytes), json.RootElement.GetProperty("data_base64").GetString());
        Assert.Equal("application/octet-stream", json.RootElement.GetProperty("datacontenttype").GetString());
        Assert.False(json.RootElement.TryGetProperty("data", out _));
    }

    [Fact]
    public void On_a_topic_of_plain_JSON_our_own_encoded_records_are_told_from_it()
    {
        var written = Message(MessageFormat.Envelope);

        var read = Read(WireFormats.Write(written), "another");

        Assert.Equal((written.Type, written.Version), (read.Type, read.Version));
    }

    private static Envelope Read(Message<string, byte[]?> message, string? defaultType = null)
    {
        var time = new DateTimeOffset(message.Timestamp.UtcDateTime).AddDays(1);
        var wire = new WireMessage(Encoding.UTF8.GetBytes(message.Key), message.Value, new WireHeaders(message.Headers), time, TopicType: null) { DefaultType = defaultType };
        return WireFormats.Of(wire).Read(wire);
    }

    private static OutboxMessage Message(MessageFormat format) => new()
    {
        MessageId = "m1",
        Lane = 0,
        Topic = "invoices",
        EntityType = "invoice",
        EntityId = "INV-1",
        Version = 42,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "invoice-issued",
        SchemaVersion = 2,
        Format = format,
        Payload = "{}",
        Encoded = Bytes,
        Headers = new Dictionary<string, string> { ["correlationId"] = "c1", ["causationId"] = "c0", [MessageHeaders.PayloadEncoding] = "aes-gcm" },
        Timestamp = new DateTimeOffset(2026, 3, 4, 3, 6, 7, 890, TimeSpan.Zero),
    };
}
