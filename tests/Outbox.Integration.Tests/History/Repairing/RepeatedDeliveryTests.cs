using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>What the relay does with versions that are repeated for one endpoint, beside their entity's new ones.</summary>
public sealed class RepeatedDeliveryTests
{
    [Theory]
    [InlineData(PublishStatus.Refused)]
    [InlineData(PublishStatus.Failed)]
    public async Task G17_a_repeated_version_that_cannot_be_published_is_dropped_and_neither_parks_nor_delays_anything(PublishStatus status)
    {
        var publisher = new ScriptedPublisher
        {
            Script = message => !message.Headers.ContainsKey(MessageHeaders.ReplayFor) ? null
                : status == PublishStatus.Refused ? PublishResult.Refused("too large") : PublishResult.Failed("an error"),
        };
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await service.PublishAsync("o", 1);
        await RepeatAsync(service);
        await service.PublishAsync("o", 2, 3);

        await using var relay = await TestService.StartAsync(o => o.Set(x => (x.RetryDelay, x.MaxRetryDelay) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5))), publisher.Attach, sibling: service);
        await Eventually.DrainedAsync(service);
        await service.PublishAsync("o", 4);
        await Eventually.DrainedAsync(service);

        Assert.Empty(await service.Operations.ListParkedAsync());
        Assert.Equal(["2", "3", "4"], (await service.ReadTopicAsync()).Select(record => record.Header("version")));
    }

    [Fact]
    public async Task G17_repeated_versions_come_in_their_order_and_hold_no_new_one()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await service.PublishAsync("o", 1, 2, 3, 4);
        await RepeatAsync(service);
        await service.PublishAsync("o", 5, 6);

        await using var relay = await TestService.StartAsync(sibling: service);
        await Eventually.DrainedAsync(service);

        var log = await service.ReadTopicAsync();
        Assert.Equal(["1", "2", "3", "4"], log.Where(record => record.Message.Key == "replay/asking/o").Select(record => record.Header("version")));
        Assert.Equal(["5", "6"], log.Where(record => record.Message.Key == "o").Select(record => record.Header("version")));
    }

    /// <summary>Makes of what is in the outbox what the owner puts back.</summary>
    private static async Task RepeatAsync(TestService service)
    {
        foreach (var message in await service.Messages.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("version", 1)).ToListAsync())
        {
            await service.Messages.UpdateOneAsync(new BsonDocument("_id", message["_id"]), Builders<BsonDocument>.Update
                .Set($"headers.{MessageHeaders.ReplayFor}", "asking")
                .Set("partitionKey", "replay/asking/o")
                .Set("lane", -1 - message["lane"].ToInt32())
                .Set("timestamp", DateTime.UnixEpoch)
                .Set("notBefore", DateTime.UtcNow.AddMinutes(-1).AddMilliseconds(message["version"].ToInt32())));
        }
    }
}
