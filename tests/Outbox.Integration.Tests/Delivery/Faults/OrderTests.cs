using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>G4 where clocks, pages and transactions conspire against it.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task G4_hosts_whose_clocks_disagree_by_hours_keep_the_order()
    {
        await using var ahead = await TestService.StartAsync(o => o.RelayEnabled = false, Skewed(hours: 5));
        await using var behind = await TestService.StartAsync(o => o.RelayEnabled = false, Skewed(hours: -5), sibling: ahead);
        for (var version = 1; version <= 30; version++)
        {
            await (version % 2 == 0 ? ahead : behind).PublishAsync("o1", version);
        }

        await using var relay = await TestService.StartAsync(o => o.QueryMessageLimit = 7, Skewed(hours: 12), sibling: ahead);
        await Eventually.DrainedAsync(ahead);

        Delivered.AssertCompleteAndOrdered(await ahead.ReadTopicAsync(), entities: 1, versions: 30);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task G4_pages_that_end_inside_an_entity_keep_its_order(int pageSize)
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await Parallel.ForEachAsync(Enumerable.Range(1, 5), async (entity, _) =>
            await service.PublishAsync($"o{entity}", [.. Enumerable.Range(1, 25).Reverse().Select(version => (long)version)]));

        await using var relay = await TestService.StartAsync(o => o.QueryMessageLimit = pageSize, sibling: service);
        await Eventually.DrainedAsync(service);

        var log = await service.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, entities: 5, versions: 25);
        Delivered.AssertNoDuplicates(log);
    }

    [Fact]
    public async Task G4_messages_of_one_transaction_keep_the_order_of_their_calls()
    {
        await using var service = await TestService.StartAsync(o => o.QueryMessageLimit = 2);
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            for (var amount = 1; amount <= 5; amount++)
            {
                tx.Publish(new OrderPlaced("o1", amount), "o1", 1, new MessageOptions { MessageId = $"m{amount}" });
            }

            return Task.CompletedTask;
        });
        await Eventually.DrainedAsync(service);

        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], (await service.ReadTopicAsync()).Select(record => record.Header("messageId")!));
    }

    [Fact]
    public async Task G4_writers_that_let_the_outbox_count_keep_commit_order_while_relays_run()
    {
        await using var service = await TestService.StartAsync(o => o.QueryMessageLimit = 10);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, ct) =>
            await service.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced("x", n), $"o{n % 4}");
                return Task.CompletedTask;
            }, ct));
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 4, versions: 50);
    }

    private static Action<IServiceCollection> Skewed(int hours) => services =>
    {
        services.Remove(services.Single(service => service.ServiceType == typeof(TimeProvider)));
        services.AddSingleton<TimeProvider>(new SkewedTime(TimeSpan.FromHours(hours)));
    };
}
