using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Embedded;

/// <summary>The embedded servers together: all that the framework needs to run.</summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private EmbeddedServers(MongoServer mongoDb, KafkaCluster kafka)
    {
        MongoDb = mongoDb;
        Kafka = kafka;
    }

    /// <summary>The MongoDB server.</summary>
    public MongoServer MongoDb { get; }

    /// <summary>The Kafka cluster.</summary>
    public KafkaCluster Kafka { get; }

    /// <summary>Starts both.</summary>
    public static async Task<EmbeddedServers> StartAsync(MongoServerOptions? mongoDb = null, KafkaClusterOptions? kafka = null)
    {
        var mongo = await MongoServer.StartAsync(mongoDb).ConfigureAwait(false);
        try
        {
            return new EmbeddedServers(mongo, KafkaCluster.Start(kafka));
        }
        catch
        {
            await mongo.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Kafka.DisposeAsync().ConfigureAwait(false);
        await MongoDb.DisposeAsync().ConfigureAwait(false);
    }
}
