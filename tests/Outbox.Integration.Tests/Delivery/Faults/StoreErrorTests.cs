using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.MongoDb.Delivery;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>What the database does not say while messages are being published is no message's fault.</summary>
public sealed class StoreErrorTests
{
    private readonly Outage _outage = new();

    [Fact]
    public Task G5_when_the_relays_cannot_agree_on_partitions_nothing_is_parked_or_sent_and_MongoDB_is_named() => AssertNoBlameAsync(
        _ => { },
        services => services.Replace(ServiceDescriptor.Singleton<ITopicPartitions>(provider => new Partitions(_outage, ActivatorUtilities.CreateInstance<MongoTopicPartitions>(provider)))),
        "agreeing on a topic's partitions: no primary");

    [Fact]
    public Task G5_when_nobody_says_whose_a_lane_is_nothing_is_parked_or_sent_and_MongoDB_is_named() => AssertNoBlameAsync(
        o => o.UseKafka(k =>
        {
            k.Fencing = Fencing.KafkaTransactions;
            k.TransactionalIdPrefix = $"errors-{Guid.NewGuid():N}";
        }),
        services => services.Replace(ServiceDescriptor.Singleton<ILeaseStore>(provider => new Leases(_outage, ActivatorUtilities.CreateInstance<MongoLeaseStore>(provider)))),
        "asking whose a lane is: no primary");

    private async Task AssertNoBlameAsync(Action<OutboxConfigurator> configure, Action<IServiceCollection> replace, string named)
    {
        await using var service = await TestService.StartAsync(
            o =>
            {
                o.Set(x => x.MaxAttempts = 1);
                configure(o);
            },
            replace);
        await service.PublishAsync("o1", 1, 2);
        await _outage.MetAsync(5);

        var health = service.Services.GetRequiredService<RelayHealth>();
        await Eventually.TrueAsync(() => Task.FromResult(health.Database?.Error == named), "health names the database");
        Assert.Empty(health.Places);
        Assert.Empty(await service.Operations.ListParkedAsync());
        Assert.Empty(await service.ReadTopicAsync());

        _outage.End();
        await Eventually.DrainedAsync(service);
        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 1, versions: 2);
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    /// <summary>Has one question to the database fail until it ends.</summary>
    private sealed class Outage
    {
        private readonly SemaphoreSlim _met = new(0);
        private volatile bool _ended;

        public async Task MetAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.True(await _met.WaitAsync(TimeSpan.FromSeconds(60)), $"The database was asked {i} times only.");
            }
        }

        public void End() => _ended = true;

        public Task<T> AskAsync<T>(Func<Task<T>> ask)
        {
            _met.Release();
            return _ended ? ask() : Task.FromException<T>(new IOException("no primary"));
        }
    }

    private sealed class Partitions(Outage outage, ITopicPartitions inner) : ITopicPartitions
    {
        public Task<int> AgreeAsync(string topic, int seen, CancellationToken cancellationToken) => outage.AskAsync(() => inner.AgreeAsync(topic, seen, cancellationToken));
    }

    private sealed class Leases(Outage outage, ILeaseStore inner) : ILeaseStore
    {
        public Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken) => inner.HeartbeatAsync(owner, duration, cancellationToken);

        public Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
            inner.AcquireAsync(lanes, owner, duration, cancellationToken);

        public Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken) => outage.AskAsync(() => inner.OwnsAsync(lane, owner, cancellationToken));

        public Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken) => inner.ReleaseAsync(lanes, owner, cancellationToken);

        public Task LeaveAsync(string owner, CancellationToken cancellationToken) => inner.LeaveAsync(owner, cancellationToken);
    }
}
