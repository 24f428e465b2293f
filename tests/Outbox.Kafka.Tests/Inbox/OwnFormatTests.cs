using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Kafka.Tests.Formats;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class OwnFormatTests
{
    [Fact]
    public async Task A_format_of_ones_own_is_read_on_its_topic_beside_the_known_ones()
    {
        await using var shop = new Shop(partitions: 1);
        await shop.Produce(Record("o1", ("acme-kind", "order-placed"), ("acme-id", "a1"), ("acme-number", "7")));
        await shop.Produce(Record("o2", ("acme-kind", "order-placed"), ("acme-id", "a2"), ("acme-number", "none")));
        await shop.Produce(Record("o3", ("cap-msg-id", "c3"), ("cap-msg-type", "OrderPlaced")));

        await shop.Start(outbox: o => o.Topic("orders", t => t.UseFormat(new AcmeFormat())));
        await Signal.Eventually(() => shop.Committed() == 3, "the partition went on");

        Assert.True(shop.Store.IsProcessed(Shop.Group, "a1"));
        Assert.True(shop.Store.IsProcessed(Shop.Group, "c3"));
        Assert.Contains("AcmeFormat cannot read the message", Assert.Single(shop.Store.Parked).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_of_ones_own_is_written_and_read_again()
    {
        var format = new Outbox.Kafka.Formats.Custom.CustomFormat(new AcmeFormat());
        var message = Samples.Message(MessageFormat.Custom);

        var record = format.Write(message);
        var wire = Wires.Wire(record);

        Assert.True(format.Wrote(wire));
        var read = format.Read(wire);
        Assert.Equal((message.MessageId, message.EntityId, (long?)message.Version, message.Type), (read.MessageId, read.EntityId, read.Version, read.Type));
        Assert.Equal(message.Payload, Encoding.UTF8.GetString(read.Payload!.Value.Span));
    }

    [Fact]
    public async Task The_relay_finds_the_format_of_a_topic_by_its_registration()
    {
        await using var shop = new Shop(partitions: 1);
        using var host = shop.Build(outbox: o => o.Topic("orders", t => t.UseFormat(new AcmeFormat())));

        var formats = host.Services.GetRequiredService<ProducerFactory>().Formats;

        Assert.NotNull(formats.Find("orders"));
        Assert.Null(formats.Find("others"));
    }

    private static Message<string, byte[]?> Record(string key, params (string Name, string Value)[] headers)
    {
        var record = new Message<string, byte[]?> { Key = key, Value = Encoding.UTF8.GetBytes($$"""{"orderId":"{{key}}","number":1}"""), Headers = [] };
        foreach (var (name, value) in headers)
        {
            record.Headers.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return record;
    }
}
