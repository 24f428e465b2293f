using System.Text;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

public sealed class MalformedTests
{
    [Theory]
    [InlineData(MessageFormat.Envelope, "\"version\":42", "\"version\":-1", "'version'")]
    [InlineData(MessageFormat.Envelope, "\"version\":42", "\"version\":1.5", "'version'")]
    [InlineData(MessageFormat.Envelope, "\"messageId\":\"", "\"messageId\":7,\"x\":\"", "'messageId'")]
    [InlineData(MessageFormat.Envelope, "\"entityId\"", "\"id\"", "'entityId'")]
    [InlineData(MessageFormat.Envelope, "\"timestamp\":\"2026", "\"timestamp\":\"soon", "'timestamp'")]
    [InlineData(MessageFormat.Envelope, "\"intent\":\"event\"", "\"intent\":\"wish\"", "'intent'")]
    [InlineData(MessageFormat.Envelope, "\"schemaVersion\":2", "\"schemaVersion\":0", "'schemaVersion'")]
    [InlineData(MessageFormat.Envelope, "\"payload\"", "\"content\"", "'payload'")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"specversion\":\"1.0\"", "\"specversion\":\"0.3\"", "'specversion'")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"sequence\":\"0", "\"sequence\":\"x", "'sequence'")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"time\":\"2026", "\"time\":\"soon", "'time'")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"data\"", "\"data_base64\":\"?\",\"x\"", "'data_base64'")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"datacontenttype\":\"application/json\"", "\"datacontenttype\":\"text/xml\"", "'datacontenttype'")]
    public void A_malformed_field_is_named(MessageFormat format, string part, string replacement, string named)
    {
        var message = WireFormats.Write(Samples.Message(format));
        var text = Encoding.UTF8.GetString(message.Value!);
        Assert.Contains(part, text, StringComparison.Ordinal);
        message.Value = Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal));

        var error = Assert.Throws<UnreadableMessageException>(() => Wires.Read(message));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageFormat.CloudEvents, "ce_id", "")]
    [InlineData(MessageFormat.CloudEvents, "ce_specversion", "2.0")]
    [InlineData(MessageFormat.CloudEvents, "ce_sequence", "first")]
    [InlineData(MessageFormat.CloudEvents, "ce_time", "soon")]
    [InlineData(MessageFormat.CloudEvents, "ce_type", "")]
    [InlineData(MessageFormat.CloudEvents, "ce_intent", "wish")]
    [InlineData(MessageFormat.CloudEvents, "ce_schemaversion", "1.1")]
    [InlineData(MessageFormat.CloudEvents, "content-type", "text/xml")]
    [InlineData(MessageFormat.MassTransit, "MessageId", "")]
    [InlineData(MessageFormat.MassTransit, "version", "0")]
    [InlineData(MessageFormat.MassTransit, "SentTime", "soon")]
    public void A_malformed_header_is_named(MessageFormat format, string header, string value)
    {
        var message = WireFormats.Write(Samples.Message(format));
        message.Headers.Remove(header);
        message.Headers.Add(header, Encoding.UTF8.GetBytes(value));

        var error = Assert.Throws<UnreadableMessageException>(() => Wires.Read(message));

        Assert.Contains($"'{header}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_not_text_is_named()
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.CloudEvents));
        message.Headers.Remove("ce_subject");
        message.Headers.Add("ce_subject", [0xFF, 0xFE]);

        Assert.Contains("'ce_subject'", Assert.Throws<UnreadableMessageException>(() => Wires.Read(message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_official_rider_writes_is_read_by_the_topics_only_type()
    {
        var rider = Wires.Foreign(
            """{"orderId":"o1"}""",
            ("MessageId", "01990000-0000-7000-8000-000000000001"), ("ConversationId", "01990000-0000-7000-8000-000000000002"),
            ("InitiatorId", "01990000-0000-7000-8000-000000000003"), ("Content-Type", "application/vnd.masstransit+json"));

        var read = Wires.Read(rider, topicType: "order-placed");

        Assert.Equal(("order-placed", "k", null, "01990000-0000-7000-8000-000000000002", "01990000-0000-7000-8000-000000000003"),
            (read.Type, read.EntityId, read.Version, read.CorrelationId, read.CausationId));
        Assert.Contains("'type'", Assert.Throws<UnreadableMessageException>(() => Wires.Read(rider)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_payload_of_another_relay_is_read_by_its_headers()
    {
        var bare = Wires.Foreign(
            """{"orderId":"o1"}""",
            ("content-type", "application/vnd.outbox.payload+json"), ("messageId", "m1"), ("type", "order-placed"), ("version", "7"), ("intent", "event"));

        var read = Wires.Read(bare);

        Assert.Equal(("m1", "k", 7L, "order-placed", """{"orderId":"o1"}"""),
            (read.MessageId, read.EntityId, read.Version, read.Type, Encoding.UTF8.GetString(read.Payload!.Value.Span)));
    }
}
