using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>When no more messages may wait, nothing is kept from the one that all of them wait for.</summary>
public sealed class FullBufferTests
{
    [Fact]
    public async Task G9_the_missing_version_comes_through_behind_more_early_ones_than_may_wait()
    {
        await using var service = await StartAsync(s => s.EntityLimit = 2, e => e.PrefetchCount = 5);
        await service.ProduceAsync(Enumerable.Range(2, 19).Select(version => Placed("o", version)));
        await service.HasAsync(service.Parked, 2);
        await Eventually.TrueAsync(() => Task.FromResult(!service.IsHealthy), "the endpoint says that it cannot have more wait");
        await service.ProduceAsync(Placed("o", 1));

        await service.HasAsync(service.Shipments, 20);
        Assert.Equal(Enumerable.Range(1, 20), service.Script.Amounts("o"));
        await Eventually.TrueAsync(() => Task.FromResult(service.IsHealthy), "the endpoint is healthy again");
        await service.HasAsync(service.Parked, 0);
    }

    [Fact]
    public async Task G5_early_messages_of_many_entities_fill_the_buffer_and_keep_nobody_elses_from_being_processed()
    {
        await using var service = await StartAsync(s => s.TotalLimit = 3, e => e.PrefetchCount = 10);
        await service.ProduceAsync(Enumerable.Range(0, 40).Select(i => Placed($"early{i}", 2)));
        // Those that come at one moment do not see each other, so that a few more than the limit may wait.
        await Eventually.TrueAsync(() => Task.FromResult(!service.IsHealthy), "the endpoint says that it cannot have more wait");
        await service.ProduceAsync(Enumerable.Range(0, 20).Select(i => Placed($"good{i}", 1)));

        await service.HasAsync(service.Shipments, 20);

        await service.ProduceAsync(Enumerable.Range(0, 40).Select(i => Placed($"early{i}", 1)));
        await service.HasAsync(service.Shipments, 100);
        Assert.Equal([1, 2], service.Script.Amounts("early39"));
        await Eventually.TrueAsync(() => Task.FromResult(service.IsHealthy), "the endpoint is healthy again");
    }

    private static Confluent.Kafka.Message<string, byte[]> Placed(string order, int version) =>
        Wire.Message($"{order}-{version}", new OrderPlaced(order, version), version);

    private static Task<ConsumingService> StartAsync(Action<SequenceOptions> sequence, Action<Outbox.Kafka.ITopicEndpointConfigurator> endpoint) => ConsumingService.StartAsync(
        t => t.Ordering = MessageOrdering.Sequence,
        o =>
        {
            o.QueryDelay = TimeSpan.FromMilliseconds(100);
            o.Sequence(sequence);
        },
        endpoint: endpoint);
}
