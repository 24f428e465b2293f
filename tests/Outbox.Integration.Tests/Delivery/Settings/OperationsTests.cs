using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages.Registration;

namespace Outbox.Integration.Tests.Delivery.Settings;

/// <summary>What a person does about messages that could not be published.</summary>
public sealed class OperationsTests
{
    private static readonly string TooLarge = new('x', 999_900);

    [Fact]
    public async Task G4_a_parked_message_that_is_retried_goes_ahead_of_those_that_waited_for_it()
    {
        await using var service = await ParkedAsync(ParkedPolicy.HoldEntity);
        await MakePublishableAsync(service);

        Assert.True(await service.Operations.RetryAsync("large", "the topic's limit was raised"));
        await Eventually.DrainedAsync(service);

        Assert.Equal(["1", "2", "3"], (await service.ReadTopicAsync()).Select(record => record.Header("version")!));
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    [Fact]
    public async Task A_parked_message_that_is_discarded_lets_its_entity_go_on()
    {
        await using var service = await ParkedAsync(ParkedPolicy.HoldEntity);

        Assert.True(await service.Operations.DiscardAsync("large", "nobody needs it"));
        await Eventually.DrainedAsync(service);

        Assert.Equal(["2", "3"], (await service.ReadTopicAsync()).Select(record => record.Header("version")!));
        Assert.False(await service.Operations.DiscardAsync("large", "again"));
    }

    [Fact]
    public async Task With_the_policy_Continue_nobody_waits_for_a_parked_message()
    {
        await using var service = await ParkedAsync(ParkedPolicy.Continue);
        await Eventually.DrainedAsync(service);

        Assert.Equal(["2", "3"], (await service.ReadTopicAsync()).Select(record => record.Header("version")!));
        var parked = Assert.Single(await service.Operations.ListParkedAsync());
        Assert.Equal(("large", false), (parked.Message.MessageId, parked.HoldsEntity));
    }

    /// <summary>A service with version 1 parked for its size, and versions 2 and 3 behind it.</summary>
    private static async Task<TestService> ParkedAsync(ParkedPolicy policy)
    {
        var service = await TestService.StartAsync(o => o.Set(x => x.MaxPayloadBytes = 999_999), topic: t => t.OnParked = policy);
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderCancelled(TooLarge), "o1", 1, new() { MessageId = "large" });
            return Task.CompletedTask;
        });
        await service.PublishAsync("o1", 2, 3);
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 1, "the message is parked");
        return service;
    }

    private static Task MakePublishableAsync(TestService service) => service.Database.GetCollection<BsonDocument>("outbox.parked")
        .UpdateOneAsync(new BsonDocument("_id", "large"), Builders<BsonDocument>.Update.Set("payload", "{}"));
}
