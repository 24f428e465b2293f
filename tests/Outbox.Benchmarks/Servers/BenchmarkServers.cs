using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Outbox.Benchmarks.Servers;

/// The servers given by OUTBOX_TEST_MONGODB and OUTBOX_TEST_KAFKA, or the embedded ones in a process of their own, so that their memory is not counted here.
internal sealed class BenchmarkServers : IDisposable
{
    private readonly EmbeddedProcess? _embedded;

    private BenchmarkServers(string mongoDb, string kafka, EmbeddedProcess? embedded)
    {
        MongoDb = mongoDb;
        Kafka = kafka;
        _embedded = embedded;
    }

    public string MongoDb { get; }

    public string Kafka { get; }

    public static async Task<BenchmarkServers> StartAsync()
    {
        var mongoDb = Environment.GetEnvironmentVariable("OUTBOX_TEST_MONGODB");
        var kafka = Environment.GetEnvironmentVariable("OUTBOX_TEST_KAFKA");
        if (mongoDb is { Length: > 0 } && kafka is { Length: > 0 })
        {
            Console.WriteLine("# servers: given by OUTBOX_TEST_MONGODB and OUTBOX_TEST_KAFKA");
            return new BenchmarkServers(mongoDb, kafka, null);
        }

        var embedded = await EmbeddedProcess.StartAsync();
        Console.WriteLine("# servers: embedded, in another process");
        return new BenchmarkServers(
            mongoDb is { Length: > 0 } ? mongoDb : embedded.MongoDb, kafka is { Length: > 0 } ? kafka : embedded.Kafka, embedded);
    }

    /// What the embedded servers have used; nothing is known of others.
    public TimeSpan ProcessorTime() => _embedded?.ProcessorTime() ?? TimeSpan.Zero;

    /// Enough partitions that the embedded cluster's 5 MB for each hold everything. It has no CreateTopics: its topics come from its command line.
    public async Task<string> CreateTopicAsync(int partitions)
    {
        if (_embedded is not null && Kafka == _embedded.Kafka)
        {
            return _embedded.NextTopic();
        }

        var topic = $"benchmark-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = -1 }]);
        return topic;
    }

    public void Dispose() => _embedded?.Dispose();
}
