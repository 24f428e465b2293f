using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Integration.Tests.Servers;

/// <summary>A service that writes, without a relay, on embedded servers that nobody else uses: their commands may be made to fail.</summary>
internal sealed class OwnServers : IAsyncDisposable
{
    private readonly KafkaCluster _kafka;

    private OwnServers(KafkaCluster kafka, MongoServer mongo, TestService service) => (_kafka, Mongo, Service) = (kafka, mongo, service);

    public MongoServer Mongo { get; }

    public TestService Service { get; }

    public static async Task<OwnServers> StartAsync()
    {
        var (kafka, mongo) = (KafkaCluster.Start(), await MongoServer.StartAsync());
        kafka.CreateTopic("orders", 1);
        return new OwnServers(kafka, mongo, await TestService.StartAsync(o => o.RelayEnabled = false, place: new TestPlace(mongo.ConnectionString, kafka.BootstrapServers, "orders", "orders")));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeWithConnectionsAsync();
        await _kafka.DisposeAsync();
        await Mongo.DisposeAsync();
    }
}
