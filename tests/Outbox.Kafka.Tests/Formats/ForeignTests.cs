using System.Text;
using Confluent.Kafka;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>Messages of producers that know nothing of this framework.</summary>
public sealed class ForeignTests
{
    private const string Structured =
        """{"specversion":"1.0","id":"7","source":"urn:shop","type":"order-placed","subject":"o-1","partitionkey":"k","sequence":12,"data":{"orderId":"o-1"}}""";

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/cloudevents+json")]
    [InlineData("Application/CloudEvents+JSON; charset=utf-8")]
    public void A_structured_CloudEvent_is_recognised_by_its_JSON_whatever_its_headers_say(string? contentType)
    {
        var read = Wires.Read(contentType is null ? Wires.Foreign(Structured) : Wires.Foreign(Structured, ("content-type", contentType)));

        Assert.Equal(
            ("urn:shop#7", "o-1", 12L, "order-placed", """{"orderId":"o-1"}"""),
            (read.MessageId, read.EntityId, read.Version, read.Type, Encoding.UTF8.GetString(read.Payload!.Value.Span)));
    }

    [Fact]
    public void An_applications_own_extensions_of_a_CloudEvent_do_not_mean_what_ours_do()
    {
        var read = Wires.Read(Wires.Foreign(Structured.Replace("\"sequence\":12", "\"intent\":\"buy\",\"sequence\":\"A-12\",\"schemaversion\":\"2.1\",\"traceparent\":{}", StringComparison.Ordinal)));
        Assert.Equal(("urn:shop#7", null, null, 1, null), (read.MessageId, read.Version, read.Intent, read.SchemaVersion, read.TraceParent));

        read = Wires.Read(Wires.Foreign("{}", ("ce_specversion", "1.0"), ("ce_id", "7"), ("ce_source", "urn:shop"), ("ce_type", "order-placed"), ("ce_intent", "buy"), ("ce_schemaversion", "2.1")));
        Assert.Equal(("urn:shop#7", "k", null, null, 1), (read.MessageId, read.EntityId, read.Version, read.Intent, read.SchemaVersion));
    }

    [Fact]
    public void Attributes_that_a_producer_percent_encodes_are_read_as_they_were()
    {
        (string, string)[] attributes = [("ce_specversion", "1.0"), ("ce_id", "7"), ("ce_source", "%2Fshop"), ("ce_type", "order%3Aplaced"), ("ce_subject", "orders%2Fh%C3%A4%25")];

        var wire = Wires.Wire(Wires.Foreign("{}", [.. attributes, ("ce_time", "2026-03-04T03%3A06%3A07Z")]));
        var read = Wires.Read(wire);
        Assert.Equal(("/shop#7", "order:placed", "order:placed", "orders/hä%"), (read.MessageId, read.Type, WireFormats.Of(wire).TypeOf(wire), read.EntityId));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 3, 6, 7, TimeSpan.Zero), read.Timestamp);

        read = Wires.Read(Wires.Foreign("{}", [.. attributes, ("ce_time", "2026-03-04T03:06:07Z")]));
        Assert.Equal(("%2Fshop#7", "orders%2Fh%C3%A4%25"), (read.MessageId, read.EntityId));
    }

    [Fact]
    public void A_CloudEvent_without_data_says_so() => Assert.Contains(
        "'data' is missing",
        Assert.Throws<UnreadableMessageException>(() => Wires.Read(Wires.Foreign(Structured.Replace(",\"data\":{\"orderId\":\"o-1\"}", "", StringComparison.Ordinal)))).Message,
        StringComparison.Ordinal);

    /// <summary>The official SDK for Python takes each header for an attribute, and CloudEvents allows lower-case letters and digits in its name.</summary>
    [Fact]
    public void No_header_of_a_structured_event_is_an_attribute_that_CloudEvents_forbids()
    {
        var written = WireFormats.Write(Samples.Message(MessageFormat.CloudEventsStructured));

        var names = written.Headers.Select(header => header.Key.ToLowerInvariant()).Except(["content-type", "tenant"]).ToList();
        Assert.All(names, name => Assert.True(name.All(char.IsAsciiLetterOrDigit), name));
        Assert.Equal(["messageid", "traceparent", "type"], names.Order(StringComparer.Ordinal));
        Assert.Equal("invoice-issued", WireFormats.Of(Wires.Wire(written)).TypeOf(Wires.Wire(written)));
    }

    [Fact]
    public void Plain_JSON_is_of_the_type_that_its_topic_says()
    {
        var plain = Wires.Foreign("""{"orderId":"o-1","type":"express","id":"x"}""", ("version", "v2"), ("type", "express"), ("traceparent", "00-t"));

        var read = Wires.Read(Wires.Wire(plain) with { DefaultType = "order-placed" });

        Assert.Equal(("", "k", null, "order-placed", "00-t", 1), (read.MessageId, read.EntityId, read.Version, read.Type, read.TraceParent, read.SchemaVersion));
        Assert.Equal(plain.Value, read.Payload!.Value.ToArray());
    }

    [Fact]
    public void Plain_JSON_may_have_an_id_and_a_byte_order_mark()
    {
        var wire = Wires.Wire(Wires.Foreign("\uFEFF{\"orderId\":\"o-1\"}", ("messageId", "m-1"))) with { DefaultType = "order-placed" };
        Assert.Equal(("m-1", "order-placed", """{"orderId":"o-1"}"""), (Wires.Read(wire).MessageId, Wires.Read(wire).Type, Encoding.UTF8.GetString(Wires.Read(wire).Payload!.Value.Span)));
        Assert.Equal(("m-1", "order-placed"), (Wires.Read(wire with { Value = null }).MessageId, Wires.Read(wire with { Value = null }).Type));
    }

    [Fact]
    public void A_tombstone_without_headers_is_of_the_type_that_its_topic_says()
    {
        var read = Wires.Read(Wires.Wire(Wires.Foreign(null)) with { DefaultType = "order-placed" });
        Assert.Equal(("", "k", "order-placed", null), (read.MessageId, read.EntityId, read.Type, read.Payload));
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public void On_a_topic_of_plain_JSON_the_known_formats_are_still_known(MessageFormat format)
    {
        foreach (var tombstone in new[] { false, true })
        {
            var wire = Wires.Wire(WireFormats.Write(Samples.Message(format, tombstone))) with { DefaultType = "order-placed" };
            Assert.Equal(("01990000-0000-7000-8000-000000000001", "invoice-issued"), (Wires.Read(wire).MessageId, Wires.Read(wire).Type));
        }
    }

    [Fact]
    public void An_envelope_without_headers_is_known_by_its_fields()
    {
        var wire = Wires.Wire(WireFormats.Write(Samples.Message(MessageFormat.Envelope))) with { Headers = new WireHeaders([]), DefaultType = "order-placed" };
        Assert.Equal("invoice-issued", Wires.Read(wire).Type);
    }

    [Theory]
    [InlineData("""{"orderId":"o-1"}""", "a JSON object with other fields")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("\0\u0001Avro", "not a JSON object")]
    public void What_is_in_no_known_format_says_so_first_and_what_was_looked_for(string value, string seen)
    {
        var message = Assert.Throws<UnreadableMessageException>(() => Wires.Read(Wires.Foreign(value, ("version", "v2")))).Message;

        Assert.StartsWith("The message's format was not recognised.", message, StringComparison.Ordinal);
        Assert.All(
            ["'messageId'", "'ce_specversion'", "'MessageId'", "'specversion'", "'entityId'", "t.Default<…>()", seen],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("version", "v2")]
    [InlineData("version", "7")]
    [InlineData("type", "express")]
    [InlineData("intent", "buy")]
    [InlineData("schemaVersion", "2.1")]
    [InlineData("entityId", "another")]
    [InlineData("SentTime", "soon")]
    public void An_applications_own_header_on_a_message_of_MassTransits_rider_does_not_mean_what_ours_does(string header, string value)
    {
        var read = Wires.Read(FromRider((header, Encoding.UTF8.GetBytes(value))), topicType: "order-placed");
        Assert.Equal(("order-placed", "k", null, null, 1, DateTimeOffset.UnixEpoch), (read.Type, read.EntityId, read.Version, read.Intent, read.SchemaVersion, read.Timestamp));
    }

    [Fact]
    public void Where_a_topic_has_several_types_a_header_says_which_the_riders_message_is() =>
        Assert.Equal("order-placed", Wires.Read(FromRider(("type", "order-placed"u8.ToArray()))).Type);

    [Fact]
    public void Headers_that_come_twice_or_without_a_value_are_read_as_MassTransit_reads_them()
    {
        var twice = FromRider(("ConversationId", "first"u8.ToArray()), ("ConversationId", "second"u8.ToArray()), ("InitiatorId", null));
        twice.Headers.Add("MessageId", "another"u8.ToArray());

        var read = Wires.Read(twice, topicType: "order-placed");
        Assert.Equal(("01990000-0000-7000-8000-000000000001", "first", null), (read.MessageId, read.CorrelationId, read.CausationId));

        var without = new Message<string, byte[]?> { Key = "k", Value = "{}"u8.ToArray(), Headers = new Headers { { "MessageId", null }, { "DestinationAddress", null } } };
        Assert.Equal("", Wires.Read(without, topicType: "order-placed").MessageId);
    }

    private static Message<string, byte[]?> FromRider(params (string Name, byte[]? Value)[] more)
    {
        var message = Wires.Foreign("""{"orderId":"o1"}""", ("MessageId", "01990000-0000-7000-8000-000000000001"), ("Content-Type", "application/vnd.masstransit+json"));
        foreach (var (name, value) in more)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }
}
