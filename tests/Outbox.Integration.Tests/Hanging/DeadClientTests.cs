using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;

namespace Outbox.Integration.Tests.Hanging;

/// <summary>Clients of Kafka that get no answer any more, without an error, from brokers that answer others: it has been seen after a broker was stopped for half a minute.</summary>
public sealed class DeadClientTests
{
    [Fact]
    public async Task G10_a_consumer_whose_client_gets_no_answer_while_a_fresh_one_does_is_replaced()
    {
        using var broker = await FreezeableAsync();
        var lines = new LogLines();
        await using var service = await ConsumingService.StartAsync(outbox: o =>
        {
            o.UseKafka(k =>
            {
                k.BootstrapServers = broker.Address;
                k.ConsumerSettings["session.timeout.ms"] = "6000";
            });
            o.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new HurriedTime(10)));
            lines.Attach(o.Services);
        });
        await service.ProduceAsync(("m1", new OrderPlaced("o1", 1)));
        await service.HasAsync(service.Inbox, 1);

        broker.Freeze();
        await service.ProduceAsync(("m2", new OrderPlaced("o2", 1)));
        await Eventually.TrueAsync(() => Task.FromResult(lines.Of(352).Count > 0), "the consumer is replaced");
        await service.HasAsync(service.Inbox, 2);

        Assert.Single(lines.Of(352));
        Assert.Contains(lines.Of(353), line => line.Contains("gets no answer from brokers that answer others", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task G10_a_producer_whose_client_gets_no_answer_is_replaced_and_nothing_is_lost(Fencing fencing)
    {
        using var broker = await FreezeableAsync();
        var place = await TestPlace.SharedAsync();
        var lines = new LogLines();
        await using var service = await TestService.StartAsync(
            o =>
            {
                o.LeaseDuration = TimeSpan.FromSeconds(6);
                o.UseKafka(k => (k.BootstrapServers, k.Fencing, k.TransactionalIdPrefix) = (broker.Address, fencing, place.Topic));
            },
            services => lines.Attach(services),
            place: place);
        await service.PublishAsync("o1", 1);
        await Eventually.DrainedAsync(service);

        broker.Freeze();
        await service.PublishAsync("o1", 2, 3);
        await Eventually.DrainedAsync(service);

        Delivered.AssertCompleteAndOrdered(await service.ReadTopicAsync(), entities: 1, versions: 3);
        Assert.Empty(await service.Operations.ListParkedAsync());
        Assert.Contains(lines.Of(252), line => line.Contains("was given up and will be built anew", StringComparison.Ordinal));
    }

    private static async Task<FreezingProxy> FreezeableAsync()
    {
        var servers = (await KafkaServer.GetAsync()).BootstrapServers.Split(':');
        Assert.SkipWhen(servers is not ["127.0.0.1", _], "The proxy takes the place of one broker that says it is at 127.0.0.1.");
        return new FreezingProxy(int.Parse(servers[1], System.Globalization.CultureInfo.InvariantCulture), announces: true);
    }
}
