using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>Settings of single messages.</summary>
public sealed class MessageOptionsTests
{
    [Fact]
    public async Task A_delayed_message_waits_for_its_time_and_holds_nobody()
    {
        await using var service = await TestService.StartAsync();
        await PublishAsync(service, 1, new MessageOptions { NotBefore = DateTimeOffset.UtcNow.AddHours(1) });
        await PublishAsync(service, 2, new MessageOptions());
        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Count == 1, "the later version is published first");

        await Eventually.TrueAsync(async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 1, "the earlier version waits");
        Assert.Equal("2", Assert.Single(await service.ReadTopicAsync()).Header("version"));

        // An hour later.
        await service.Messages.UpdateManyAsync(FilterDefinition<BsonDocument>.Empty, Builders<BsonDocument>.Update.Set("notBefore", DateTime.UtcNow));
        await Eventually.DrainedAsync(service);

        Assert.Equal(["2", "1"], (await service.ReadTopicAsync()).Select(record => record.Header("version")!));
    }

    [Fact]
    public async Task An_expired_message_is_dropped_and_its_entity_goes_on()
    {
        await using var service = await TestService.StartAsync();
        await PublishAsync(service, 1, new MessageOptions { ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) });
        await PublishAsync(service, 2, new MessageOptions { ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(10) });
        await Eventually.DrainedAsync(service);

        Assert.Equal("2", Assert.Single(await service.ReadTopicAsync()).Header("version"));
    }

    [Fact]
    public async Task Headers_and_a_partition_key_reach_kafka()
    {
        await using var service = await TestService.StartAsync();
        await PublishAsync(service, 1, new MessageOptions { PartitionKey = "customer-1", Headers = new Dictionary<string, string> { ["tenant"] = "blue" } });
        await Eventually.DrainedAsync(service);

        var record = Assert.Single(await service.ReadTopicAsync());
        Assert.Equal(("customer-1", "blue"), (record.Message.Key, record.Header("tenant")));
    }

    [Fact]
    public async Task A_tombstone_has_a_key_and_headers_but_no_value()
    {
        await using var service = await TestService.StartAsync();
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.PublishTombstone<OrderCancelled>("o1", 3);
            return Task.CompletedTask;
        });
        await Eventually.DrainedAsync(service);

        var record = Assert.Single(await service.ReadTopicAsync());
        Assert.Null(record.Message.Value);
        Assert.Equal(("o1", "order-cancelled", "3"), (record.Message.Key, record.Header("type"), record.Header("version")));
    }

    [Fact]
    public async Task Sent_messages_are_kept_for_as_long_as_configured_and_can_be_replayed()
    {
        await using var service = await TestService.StartAsync(o => o.Set(x => x.KeepSentFor = TimeSpan.FromDays(1)));
        await PublishAsync(service, 1, new MessageOptions { MessageId = "m1" });
        await Eventually.DrainedAsync(service);
        var sent = service.Database.GetCollection<BsonDocument>("outbox.sent");
        Assert.Equal("m1", (await sent.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync())["_id"]);
        var expiry = (await (await sent.Indexes.ListAsync()).ToListAsync()).Single(index => index.Contains("expireAfterSeconds"));
        Assert.Equal(86_400, expiry["expireAfterSeconds"].ToInt64());

        Assert.True(await service.Operations.ReplayAsync("m1", "a consumer lost its data"));
        await Eventually.DrainedAsync(service);

        Assert.Equal(["m1", "m1"], (await service.ReadTopicAsync()).Select(record => record.Header("messageId")!));
    }

    private static Task PublishAsync(TestService service, long version, MessageOptions options) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced("o1", 7), "o1", version, options);
        return Task.CompletedTask;
    });
}
