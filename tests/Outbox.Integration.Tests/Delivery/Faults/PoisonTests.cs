using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>A message that something throws for while it is published.</summary>
public sealed class PoisonTests
{
    /// <summary>A batch of twenty is halved so often until the message is found, once.</summary>
    private const int MostCopies = 6;

    [Theory]
    [InlineData("", true)]
    [InlineData("fine, but not for the publisher", false)]
    public async Task G5_one_poisoned_row_holds_back_its_own_entity_is_parked_and_nobody_else_is_blamed(string payload, bool isStored)
    {
        var publisher = new ScriptedPublisher();
        if (!isStored)
        {
            publisher.Script = message => message.EntityId == "o5" ? throw new InvalidCastException("poison") : null;
        }

        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        for (var order = 0; order < 10; order++)
        {
            await service.PublishAsync($"o{order}", 1, 2);
        }

        if (isStored)
        {
            await service.Messages.UpdateOneAsync(new BsonDocument { { "entityId", "o5" }, { "version", 1 } }, new BsonDocument("$set", new BsonDocument("payload", payload)));
        }

        await using var relay = await TestService.StartAsync(
            o => o.Set(x => (x.MaxAttempts, x.RetryDelay) = (3, TimeSpan.FromMilliseconds(20))), publisher.Attach, sibling: service);
        var health = relay.Services.GetRequiredService<RelayHealth>();
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the message is parked");
        await Eventually.TrueAsync(async () => await service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 1, "only what waits behind it is left");

        Assert.Equal(("o5", 1L), Assert.Single(await service.Operations.ListParkedAsync()) is { Message: var parked } ? (parked.EntityId, parked.Version) : default);
        var published = await service.ReadTopicAsync();
        Assert.DoesNotContain(published, record => record.Message.Key == "o5");
        Assert.All(published.GroupBy(record => (record.Message.Key, record.Header("version"))), copies => Assert.InRange(copies.Count(), 1, MostCopies));
        Assert.Equal(18, published.Select(record => (record.Message.Key, record.Header("version"))).Distinct().Count());
        Assert.Null(health.Database);
        Assert.Null(health.Relay);
    }
}
