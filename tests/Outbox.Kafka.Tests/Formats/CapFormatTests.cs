using System.Text;
using Outbox.Kafka.Formats;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>Records as CAP 10 writes them, and as its consumer reads ours.</summary>
public sealed class CapFormatTests
{
    private static readonly (string Name, string Value)[] Cap =
    [
        ("cap-callback-name", ""), ("cap-msg-id", "1700000000000000001"), ("cap-corr-id", "1700000000000000000"), ("cap-corr-seq", "1"), ("cap-msg-name", "orders"),
        ("cap-msg-type", "OrderPlaced"), ("cap-senttime", "11/20/2026 08:00:00"), ("tenant", "acme"), ("type", "an application's own"), ("version", "1.2"),
    ];

    [Theory]
    [InlineData(null, "order-placed")]
    [InlineData("order-placed.v2", "order-placed.v2")]
    public void A_record_of_CAP_is_read_as_it_is(string? topicType, string type)
    {
        var read = Wires.Read(Wires.Foreign("""{"OrderId":"order-1"}""", Cap), topicType);

        Assert.Equal(
            ("1700000000000000001", "k", type, null, "1700000000000000000", """{"OrderId":"order-1"}"""),
            (read.MessageId, read.EntityId, read.Type, read.Version, read.CorrelationId, Encoding.UTF8.GetString(read.Payload!.Value.Span)));
    }

    [Fact]
    public void The_smallest_record_that_CAP_asks_other_systems_for_is_read()
    {
        var read = Wires.Read(Wires.Foreign("{}", ("cap-msg-id", "7"), ("cap-msg-name", "orders")), "order-placed");

        Assert.Equal(("7", "order-placed"), (read.MessageId, read.Type));
    }

    /// <summary>CAP adds each header to a dictionary, then its group, and looks for its subscriber by the name.</summary>
    [Fact]
    public void CAPs_consumer_can_read_what_is_written()
    {
        var record = WireFormats.Write(Samples.Message(MessageFormat.Cap) with { Headers = new Dictionary<string, string> { ["correlationId"] = "c", ["cap-callback-name"] = "orders.placed", ["cap-corr-seq"] = "3" } });

        var headers = record.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        headers.Add("cap-msg-group", "billing.v1");
        Assert.Equal(
            ("01990000-0000-7000-8000-000000000001", "invoices", "invoice-issued", "c", "3", "orders.placed"),
            (headers["cap-msg-id"], headers["cap-msg-name"], headers["cap-msg-type"], headers["cap-corr-id"], headers["cap-corr-seq"], headers["cap-callback-name"]));
        Assert.Equal(Samples.Message(MessageFormat.Cap).Payload, Encoding.UTF8.GetString(record.Value!));
    }

    [Fact]
    public void What_says_both_is_an_envelope() =>
        Assert.Equal(WireFormats.Envelope, WireFormats.Of(Wires.Wire(Wires.Foreign("""{"entityId":"e","type":"t","payload":{}}""", ("messageId", "m"), ("cap-msg-id", "c")))));
}
