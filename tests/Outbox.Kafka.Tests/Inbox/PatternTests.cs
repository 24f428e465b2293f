using System.Text;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Outbox.Inbox;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox;

public sealed class PatternTests
{
    private const string Pattern = @"^orders(\..*)?$";

    [Fact]
    public async Task A_pattern_consumes_all_topics_that_match_also_those_that_appear_later()
    {
        await using var shop = new Shop(partitions: 2);
        shop.Cluster.CreateTopic("orders.eu", 2);
        shop.Cluster.CreateTopic("others", 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        await shop.Produce("o2", new OrderPlaced("o2", 1), "orders.eu");
        await shop.Produce("o3", new OrderPlaced("o3", 1), "others");
        var host = await StartAsync(shop);
        await shop.Signal.Until(() => shop.Store.Processed == 2, "both topics are consumed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");

        shop.Cluster.CreateTopic("orders.us", 1);
        await shop.Produce("o4", new OrderPlaced("o4", 1), "orders.us");
        await shop.Signal.Until(() => shop.Store.Processed == 3, "the new topic is consumed");

        Assert.Equal(["o1", "o2", "o4"], shop.Probe.Placed.Select(x => x.OrderId).Order());
    }

    [Fact]
    public async Task Messages_of_two_topics_with_one_id_are_two_messages_unless_it_is_a_UUID()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Cluster.CreateTopic("orders.eu", 1);
        var uuid = Guid.NewGuid().ToString();
        await shop.Produce(Shop.Envelope("o1", new OrderPlaced("o1", 1), "7"));
        await shop.Produce(Shop.Envelope("o2", new OrderPlaced("o2", 1), "7"), "orders.eu");
        await shop.Produce(Shop.Envelope("o3", new OrderPlaced("o3", 1), uuid));
        await shop.Produce(Shop.Envelope("o3", new OrderPlaced("o3", 1), uuid), "orders.eu");

        await StartAsync(shop);
        await shop.Signal.Until(() => shop.Store.Processed + shop.Store.Duplicates == 4, "all came to their ends");

        Assert.Equal(["o1", "o2", "o3"], shop.Probe.Placed.Select(x => x.OrderId).Order());
    }

    [Fact]
    public async Task G8_what_cannot_be_read_is_parked_as_its_own_topic_s_message_so_that_who_discards_it_discards_no_other()
    {
        await using var shop = new Shop(partitions: 1);
        var record = Shop.Envelope("o1", new OrderPlaced("o1", 1), "7");
        var json = System.Text.Json.Nodes.JsonNode.Parse(record.Value!)!;
        json["payload"] = "no order";
        record.Value = Encoding.UTF8.GetBytes(json.ToJsonString());
        record.Headers.Remove("messageId");
        record.Headers.Add("messageId", "an application's"u8.ToArray());
        await shop.Produce(record);

        await StartAsync(shop);
        await Signal.Eventually(() => shop.Store.Parked.Count == 1, "it is parked");

        var parked = Assert.Single(shop.Store.Parked);
        Assert.Equal((ParkReason.Unreadable, "7", "orders"), (parked.Reason, parked.MessageId, parked.RecordTopic));
    }

    [Fact]
    public async Task A_pattern_that_matches_nothing_is_reported_until_a_topic_appears()
    {
        await using var shop = new Shop(partitions: 0);
        var host = await StartAsync(shop);
        await Signal.Eventually(
            () => Shop.Health(host) is { Status: BusHealthStatus.Unhealthy, Exception.Message: var told } && told.Contains(@"No topic matches '^orders(\..*)?$'", StringComparison.Ordinal), "it is reported");

        shop.Cluster.CreateTopic("orders.eu", 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1), "orders.eu");

        await shop.Signal.Until(() => shop.Store.Processed == 1, "the message was processed");
        await Signal.Eventually(() => Shop.Health(host).Status == BusHealthStatus.Healthy, "the endpoint is healthy");
    }

    [Fact]
    public async Task A_pattern_does_not_consume_its_own_dead_letters()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Cluster.CreateTopic("orders.dlq", 1);
        shop.Probe.OnPlaced = consumption => consumption.Message.OrderId == "bad" ? throw new InvalidOperationException("cannot ship this") : Task.CompletedTask;
        await StartAsync(shop, e => e.DeadLetterTopic());
        await shop.Produce("bad", new OrderPlaced("bad", 1));
        await Signal.Eventually(() => shop.Committed() == 1, "it is parked");
        // A rebalance that any other matching topic brings would bring this one too.
        shop.Cluster.CreateTopic("orders.us", 1);
        await shop.Produce("good", new OrderPlaced("good", 1), "orders.us");
        await shop.Signal.Until(() => shop.Store.Processed == 1, "the new topic is consumed");

        Assert.Equal("orders", Assert.Single(shop.Store.Parked).Topic);
        Assert.DoesNotContain(shop.Logs.Of(359), line => line.Contains("dlq", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pattern_with_a_prefix_means_the_topics_behind_it()
    {
        await using var shop = new Shop(partitions: 1);
        shop.Cluster.CreateTopic("staging.orders.eu", 1);
        await shop.Produce("o1", new OrderPlaced("o1", 1));
        await shop.Produce("o2", new OrderPlaced("o2", 1), "staging.orders.eu");

        await StartAsync(shop, outbox: o => o.UseKafka(k => k.TopicPrefix = "staging."));
        await shop.Signal.Until(() => shop.Store.Processed == 1, "it is consumed");

        Assert.Equal("o2", Assert.Single(shop.Probe.Placed).OrderId);
    }

    [Theory]
    [InlineData("^orders(", "is no pattern")]
    [InlineData("^invoices", "not registered")]
    public async Task A_pattern_that_can_match_nothing_stops_the_start(string pattern, string reason)
    {
        await using var shop = new Shop();

        Assert.Contains(reason, await shop.Refuses(Build(shop, pattern)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_belongs_to_one_endpoint_of_a_group()
    {
        await using var shop = new Shop();
        var host = shop.BuildWith((k, context) =>
        {
            k.TopicEndpoint(Pattern, Shop.Group, e => e.ConfigureConsumer<PlacedConsumer>(context));
            k.TopicEndpoint("orders", Shop.Group, e => e.ConfigureConsumer<CancelledConsumer>(context));
        });

        Assert.Contains("share a topic", await shop.Refuses(host), StringComparison.Ordinal);
    }

    private static async Task<IHost> StartAsync(Shop shop, Action<ITopicEndpointConfigurator>? endpoint = null, Action<OutboxConfigurator>? outbox = null)
    {
        var host = Build(shop, Pattern, endpoint, outbox);
        await host.StartAsync();
        return host;
    }

    private static IHost Build(Shop shop, string pattern, Action<ITopicEndpointConfigurator>? endpoint = null, Action<OutboxConfigurator>? outbox = null) => shop.BuildWith(
        (k, context) => k.TopicEndpoint(pattern, Shop.Group, e =>
        {
            e.CheckpointInterval = TimeSpan.FromMilliseconds(50);
            endpoint?.Invoke(e);
            e.ConfigureConsumer<PlacedConsumer>(context);
        }),
        outbox);
}
