using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Aspire;

/// <summary>How the embedded servers of an app host run.</summary>
public sealed class OutboxServersOptions
{
    /// <summary>MongoDB's port on the loopback interface; 0 takes a free one.</summary>
    /// <value>The default value is 0.</value>
    public int MongoDbPort { get; set; }

    /// <summary>The port of Kafka's first broker on the loopback interface; 0 takes a free one.</summary>
    /// <value>The default value is 0.</value>
    public int KafkaPort { get; set; }

    /// <summary>Where MongoDB keeps its data from one start to the next. Kafka forgets its own always.</summary>
    /// <value>The default is <see langword="null"/>: nothing is kept.</value>
    public string? DataDirectory { get; set; }

    /// <summary>Topics to create, with their numbers of partitions. Others are created when they are first published to, with 4.</summary>
    public IDictionary<string, int> Topics { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    internal (MongoServerOptions MongoDb, KafkaClusterOptions Kafka) ToServers()
    {
        var kafka = new KafkaClusterOptions { Port = KafkaPort };
        foreach (var (topic, partitions) in Topics)
        {
            kafka.Topics.Add(topic, partitions);
        }

        return (new MongoServerOptions { Port = MongoDbPort, DataDirectory = DataDirectory }, kafka);
    }
}
