using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery;

public sealed class RelayTests
{
    [Fact]
    public async Task G3_a_committed_message_reaches_its_topic_and_leaves_the_outbox()
    {
        await using var service = await TestService.StartAsync();

        await service.PublishAsync("o1", 1);
        await Eventually.DrainedAsync(service);

        var published = Assert.Single(await service.ReadTopicAsync());
        Assert.Equal("o1", published.Message.Key);
        Assert.Equal("order-placed", published.Header("type"));
        Assert.Equal("1", published.Header("version"));
        var envelope = BsonDocument.Parse(System.Text.Encoding.UTF8.GetString(published.Message.Value!));
        Assert.Equal("o1", envelope["entityId"]);
        Assert.Equal(7, envelope["payload"]["amount"]);
    }

    [Fact]
    public async Task G1_an_aborted_transaction_publishes_nothing()
    {
        await using var service = await TestService.StartAsync();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 7), "o1", 1);
            throw new InvalidTimeZoneException();
        }));

        await service.PublishAsync("o2", 1);
        await Eventually.DrainedAsync(service);

        Assert.Equal("o2", Assert.Single(await service.ReadTopicAsync()).Message.Key);
    }

    [Fact]
    public async Task G4_versions_reach_kafka_in_order_whatever_order_they_were_stored_in()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        foreach (var version in new long[] { 5, 1, 4, 2, 3 })
        {
            await service.PublishAsync("o1", version);
        }

        await using var relay = await TestService.StartAsync(sibling: service);
        await Eventually.DrainedAsync(service);

        Assert.Equal(["1", "2", "3", "4", "5"], (await service.ReadTopicAsync()).Select(r => r.Header("version")!));
    }

    [Fact]
    public async Task G3_a_relay_killed_between_publish_and_delete_publishes_again_and_loses_nothing()
    {
        var crash = new CrashAfterPublish();
        await using var service = await TestService.StartAsync(replace: crash.Decorate);

        await service.PublishAsync("o1", 1);
        await service.PublishAsync("o1", 2);
        await Eventually.DrainedAsync(service);

        var versions = (await service.ReadTopicAsync()).Select(r => r.Header("version")!).ToList();
        Assert.True(crash.Crashed);
        Assert.True(versions.Count > 2, "nothing was published twice, so the crash was not where it should be");
        Assert.Equal(["1", "2"], versions.Distinct());
    }

    [Fact]
    public async Task G10_a_second_relay_takes_over_the_lanes_of_a_relay_that_vanished()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await service.Database.GetCollection<BsonDocument>("outbox.leases").UpdateManyAsync(
            FilterDefinition<BsonDocument>.Empty,
            Builders<BsonDocument>.Update.Set("owner", "vanished").Set("expiresAt", DateTime.UtcNow.AddSeconds(2)));
        await service.PublishAsync("o1", 1);

        await using var relay = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2), sibling: service);
        await Eventually.DrainedAsync(service);

        Assert.Single(await service.ReadTopicAsync());
        var lease = await service.Database.GetCollection<BsonDocument>("outbox.leases").Find(FilterDefinition<BsonDocument>.Empty).FirstAsync();
        Assert.NotEqual("vanished", lease["owner"]);
    }

    [Fact]
    public async Task Two_relays_share_the_lanes_and_lose_nothing_while_they_do()
    {
        await using var service = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2));
        await using var second = await TestService.StartAsync(o => o.LeaseDuration = TimeSpan.FromSeconds(2), sibling: service);
        for (var version = 1; version <= 20; version++)
        {
            foreach (var entity in Enumerable.Range(1, 10))
            {
                await (version % 2 == 0 ? service : second).PublishAsync($"o{entity}", version);
            }
        }

        await Eventually.DrainedAsync(service);
        await Eventually.TrueAsync(async () => (await OwnersAsync(service)).Distinct().Count() == 2, "two relays hold lanes");

        foreach (var entity in (await service.ReadTopicAsync()).GroupBy(r => r.Message.Key))
        {
            Assert.Equal(Enumerable.Range(1, 20), entity.Select(r => int.Parse(r.Header("version")!)).Distinct());
        }
    }

    [Fact]
    public async Task G8_a_message_that_cannot_be_published_is_parked_with_its_error_and_holds_its_entity_only()
    {
        await using var service = await TestService.StartAsync(o => o.Set(x => x.MaxPayloadBytes = 999_999));
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderCancelled(new string('x', 999_900)), "o1", 1);
            return Task.CompletedTask;
        });
        await service.PublishAsync("o1", 2);
        await service.PublishAsync("o2", 1);

        await Eventually.TrueAsync(async () => (await service.ReadTopicAsync()).Any(r => r.Message.Key == "o2"), "another entity's message goes through");
        var all = service.Database.GetCollection<BsonDocument>("outbox.parked").Find(FilterDefinition<BsonDocument>.Empty);
        await Eventually.TrueAsync(() => all.AnyAsync(), "the message is parked");
        var parked = await all.SingleAsync();

        Assert.Equal("o1", parked["entityId"]);
        Assert.Contains("MsgSizeTooLarge", parked["error"].AsString);
        Assert.DoesNotContain(await service.ReadTopicAsync(), r => r.Message.Key == "o1");
        Assert.Equal(1, await service.Messages.CountDocumentsAsync(new BsonDocument("entityId", "o1")));
    }

    private static async Task<IReadOnlyList<string>> OwnersAsync(TestService service) =>
        (await service.Database.GetCollection<BsonDocument>("outbox.leases").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync())
        .Select(lease => lease["owner"].ToString()!).ToList();
}
