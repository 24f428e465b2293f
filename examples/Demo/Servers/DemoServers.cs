using MongoDB.Driver;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Demo.Servers;

/// <summary>MongoDB and Kafka for one run: embedded in this process, or given.</summary>
internal sealed class DemoServers : IAsyncDisposable
{
    private const int Partitions = 4;

    private readonly List<IAsyncDisposable> _embedded = [];
    private readonly RunNames _names;
    private TopicSetup? _topics;

    private DemoServers(string mongoDb, string kafka, RunNames names)
    {
        (MongoDb, Kafka, _names) = (mongoDb, kafka, names);
        Client = new MongoClient(mongoDb);
    }

    /// <summary>MongoDB's connection string.</summary>
    public string MongoDb { get; }

    /// <summary>Kafka's bootstrap servers.</summary>
    public string Kafka { get; }

    public MongoClient Client { get; }

    public static async Task<DemoServers> StartAsync(DemoOptions options, RunNames names, Action<string> note)
    {
        if (options.HasOwnServers)
        {
            var topics = new TopicSetup(options.Kafka!, names.AllTopics, note);
            await topics.CreateAsync(Partitions);
            return new DemoServers(options.MongoDb!, options.Kafka!, names) { _topics = topics };
        }

        var mongoDb = await MongoServer.StartAsync();
        var kafka = KafkaCluster.Start();
        foreach (var topic in names.AllTopics)
        {
            kafka.CreateTopic(topic, Partitions);
        }

        var servers = new DemoServers(mongoDb.ConnectionString, kafka.BootstrapServers, names);
        servers._embedded.AddRange([mongoDb, kafka]);
        return servers;
    }

    public IMongoDatabase OrdersDatabase => Client.GetDatabase(_names.OrdersDatabase);

    public IMongoDatabase ShippingDatabase => Client.GetDatabase(_names.ShippingDatabase);

    /// <summary>Leaves nothing of the run behind on given servers.</summary>
    public async Task CleanUpAsync()
    {
        if (_topics is not null)
        {
            await Client.DropDatabaseAsync(_names.OrdersDatabase);
            await Client.DropDatabaseAsync(_names.ShippingDatabase);
            await _topics.DeleteAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var server in _embedded)
        {
            await server.DisposeAsync();
        }
    }
}
