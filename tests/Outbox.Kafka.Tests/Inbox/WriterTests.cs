using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

/// <summary>What whoever may write to a topic can do to those who read it.</summary>
public sealed class WriterTests
{
    [Fact]
    public async Task G8_a_record_that_is_too_large_to_be_stored_is_parked_without_its_value()
    {
        await using var shop = new Shop(partitions: 1);
        var value = new byte[17 * 1024 * 1024];
        using (var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = shop.Cluster.BootstrapServers,
            CompressionType = CompressionType.Lz4,
            MessageMaxBytes = 30 * 1024 * 1024,
        }).Build())
        {
            await producer.ProduceAsync("orders", new Message<string, byte[]> { Key = "large", Value = value, Headers = [new Header("type", "order-placed"u8.ToArray())] });
        }

        await shop.Produce("o", new OrderPlaced("o", 1));
        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 2, "the partition went on");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Equal((ParkReason.Unreadable, 0L, (byte[]?)null), (parked.Reason, parked.Offset, parked.Value));
        Assert.Equal(new OmittedValue(value.Length, Convert.ToHexStringLower(SHA256.HashData(value))), parked.Omitted);
        Assert.Equal("large", Encoding.UTF8.GetString(parked.Key!));
    }

    [Theory]
    [InlineData("messageId", 2_000)]
    [InlineData("entityId", 2_000)]
    [InlineData("entityType", 300)]
    [InlineData("correlationId", 2_000)]
    public async Task G9_an_id_that_is_too_long_is_unreadable_and_the_error_names_it(string field, int length) =>
        await IsUnreadableAsync(field, new string('x', length), $"has {length} characters, and at most");

    [Theory]
    [InlineData("messageId")]
    [InlineData("entityId")]
    public async Task G9_an_id_with_control_characters_is_unreadable_and_nothing_of_them_is_logged(string field) =>
        await IsUnreadableAsync(field, "1\n2026-11-25 fake line", $"The '{field}' has control characters");

    [Fact]
    public async Task G9_only_so_many_unknown_types_are_logged_by_their_names_and_none_is_a_tag()
    {
        await using var shop = new Shop(partitions: 1);
        var host = shop.Build();
        using var skipped = new Counts(host, "outbox.inbox.skipped");
        for (var i = 0; i < 150; i++)
        {
            await shop.Produce(new Message<string, byte[]?> { Key = "x", Value = [1], Headers = [new Header("type", Encoding.UTF8.GetBytes($"t{i}\r\nfake {new string('x', 200)}"))] });
        }

        await host.StartAsync();
        await Signal.Eventually(() => shop.Committed() == 150, "the partition went on");

        Assert.Equal(150, skipped.Seen.Count);
        Assert.All(skipped.Seen, tags => Assert.Equal("_OTHER", tags["type"]));
        Assert.Equal(101, shop.Logs.Of(303).Count());
        Assert.DoesNotContain(shop.Logs.Of(303), line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task G8_what_has_an_entity_and_an_unreadable_payload_is_found_by_its_entity_and_its_id()
    {
        await using var shop = new Shop(partitions: 1);
        var record = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        var json = System.Text.Json.Nodes.JsonNode.Parse(record.Value!)!;
        json["payload"] = "no order";
        record.Headers.Remove("messageId");
        record.Headers.Remove("type");
        record.Value = Encoding.UTF8.GetBytes(json.ToJsonString());

        await shop.Produce(record);
        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Equal((ParkReason.Unreadable, "order", "o1", (long?)null), (parked.Reason, parked.EntityType, parked.EntityId, parked.Version));
        Assert.Equal((json["messageId"]!.GetValue<string>(), "order-placed"), (parked.MessageId, parked.Type));
    }

    private static async Task IsUnreadableAsync(string field, string text, string error)
    {
        await using var shop = new Shop(partitions: 1);
        var envelope = Shop.Envelope("o1", new OrderPlaced("o1", 1));
        var json = System.Text.Json.Nodes.JsonNode.Parse(envelope.Value!)!;
        json[field] = text;
        envelope.Value = Encoding.UTF8.GetBytes(json.ToJsonString());
        envelope.Headers = [new Header("type", "order-placed"u8.ToArray())];
        if (field == "correlationId")
        {
            envelope.Headers.Add(field, Encoding.UTF8.GetBytes(text));
        }

        await shop.Produce(envelope);
        await shop.Start();
        await Signal.Eventually(() => shop.Committed() == 1, "the partition went on");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Contains(error, parked.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Assert.Single(shop.Logs.Of(302)));
    }
}
