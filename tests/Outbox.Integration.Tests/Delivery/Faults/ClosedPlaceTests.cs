using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>A topic that takes nothing, as one without the right to write to it.</summary>
public sealed class ClosedPlaceTests
{
    private const string Denied = "the right Write on topic 'customers' is missing";
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);
    private readonly ScriptedPublisher _publisher = new();
    private volatile bool _closed = true;

    public ClosedPlaceTests()
    {
        _publisher.Script = message => !message.Topic.StartsWith("customers", StringComparison.Ordinal) ? null : _closed ? PublishResult.PlaceFailed(new Place(message.Topic), Denied) : PublishResult.Published;
        _publisher.Counted = message => message.EntityType == "customer";
    }

    [Fact]
    public async Task G5_a_closed_topic_costs_the_others_nothing_after_the_first_time_and_parks_nothing()
    {
        await using var service = await StartAsync(o =>
        {
            // Only a signal wakes the relay.
            o.LeaseDuration = Never;
            o.QueryDelay = Never;
            o.Set(x => (x.RetryDelay, x.MaxRetryDelay, x.WatchChanges, x.QueryMessageLimit) = (Never, Never, false, 100));
        });
        await MoveAsync(service, Enumerable.Range(0, 500).Select(n => $"c{n}"));
        var health = service.Services.GetRequiredService<RelayHealth>();
        await Eventually.TrueAsync(() => Task.FromResult(health.Places.Count == 1), "the topic is closed");
        await service.PublishAsync("o0", 1);
        await OrderPublishedAsync(service, "o0");
        var read = _publisher.Read;

        for (var order = 1; order <= 5; order++)
        {
            await service.PublishAsync($"o{order}", 1);
            await OrderPublishedAsync(service, $"o{order}");
        }

        Assert.Equal(read, _publisher.Read);
        Assert.InRange(read, 1, 400);
        Assert.Empty(await service.Operations.ListParkedAsync());
        Assert.Equal(Denied, Assert.Single(health.Places).Reason);
        Assert.False(health.NothingGetsThrough);
        Assert.Null(health.Database);
    }

    [Fact]
    public async Task G4_when_it_opens_everything_goes_through_in_order_and_health_is_silent()
    {
        await using var service = await StartAsync(o => o.Set(x => x.MaxRetryDelay = TimeSpan.FromSeconds(1)));
        var versions = new List<(string, long)>();
        var script = _publisher.Script;
        _publisher.Script = message =>
        {
            var result = script(message);
            if (result?.Status == PublishStatus.Published)
            {
                versions.Add((message.EntityId, message.Version));
            }

            return result;
        };
        for (var version = 1; version <= 3; version++)
        {
            await MoveAsync(service, Enumerable.Range(0, 50).Select(n => $"c{n}"), version);
        }

        var health = service.Services.GetRequiredService<RelayHealth>();
        await Eventually.TrueAsync(() => Task.FromResult(health.Places.Count == 1), "the topic is closed");
        _closed = false;
        await Eventually.DrainedAsync(service);

        Assert.Equal(150, versions.Count);
        Assert.All(versions.GroupBy(x => x.Item1), customer => Assert.Equal([1L, 2, 3], customer.Select(x => x.Item2)));
        await Eventually.TrueAsync(() => Task.FromResult(health.Places.Count == 0), "health is silent");
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    [Fact]
    public async Task G8_what_is_older_than_MaxAge_is_parked_with_the_places_reason_and_retried_all_at_once()
    {
        await using var service = await StartAsync(o => o.Set(x => (x.MaxAge, x.MaxRetryDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200))));
        await MoveAsync(service, Enumerable.Range(0, 30).Select(n => $"c{n}"));
        await Eventually.TrueAsync(async () => (await service.Operations.ListParkedAsync()).Count == 30, "the messages are parked");
        Assert.All(await service.Operations.ListParkedAsync(), parked => Assert.Equal(Denied, parked.Error));

        _closed = false;
        Assert.Equal(30, await service.Operations.RetryAllAsync(new ParkedFilter { Error = "the right Write" }, "granted"));
        await Eventually.DrainedAsync(service);
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    [Fact]
    public async Task G4_a_message_of_another_topic_does_not_pass_one_of_its_entity_that_waits_for_a_closed_one()
    {
        await using var service = await StartAsync(o => o.Set(x => (x.RetryDelay, x.MaxRetryDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))));
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new CustomerMoved("c1"), "c1", 1);
            tx.Publish(new CustomerMoved("c2"), "c2", 1);
            return Task.CompletedTask;
        });

        // What is known as an order goes to the open topic; as c1 it would be behind the customer's first message.
        await service.Messages.UpdateOneAsync(new BsonDocument("entityId", "c1"), new BsonDocument("$set", new BsonDocument("entityType", "order")));
        await service.PublishAsync("c1", 2);
        await service.PublishAsync("o1", 1);
        await OrderPublishedAsync(service, "o1");
        await service.PublishAsync("o2", 1);
        await OrderPublishedAsync(service, "o2");

        Assert.DoesNotContain(await service.ReadTopicAsync(), record => record.Message.Key == "c1");
        _closed = false;
        await OrderPublishedAsync(service, "c1");
    }

    private Task<TestService> StartAsync(Action<OutboxConfigurator> configure) => TestService.StartAsync(
        o =>
        {
            o.Topic($"customers-{Guid.NewGuid():N}", t =>
            {
                t.EntityType = "customer";
                t.Message<CustomerMoved>();
            });
            configure(o);
        },
        _publisher.Attach);

    private static Task MoveAsync(TestService service, IEnumerable<string> customers, long version = 1) => service.Outbox.ExecuteAsync((tx, _) =>
    {
        foreach (var customer in customers)
        {
            tx.Publish(new CustomerMoved(customer), customer, version);
        }

        return Task.CompletedTask;
    });

    private static Task OrderPublishedAsync(TestService service, string order) => Eventually.TrueAsync(
        async () => (await service.ReadTopicAsync()).Any(record => record.Message.Key == order), $"{order} is published");
}
