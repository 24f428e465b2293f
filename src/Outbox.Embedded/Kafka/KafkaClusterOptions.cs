namespace Outbox.Embedded.Kafka;

/// <summary>What a <see cref="KafkaCluster"/> starts with.</summary>
public sealed class KafkaClusterOptions
{
    /// <summary>How many brokers, with ids from 1.</summary>
    /// <value>The default value is 1.</value>
    public int Brokers { get; set; } = 1;

    /// <summary>The port on the loopback interface at which clients find the cluster; 0 takes a free one. Each broker has one of its own beside it, which clients learn there.</summary>
    /// <value>The default value is 0.</value>
    public int Port { get; set; }

    /// <summary>Topics to create, with their number of partitions.</summary>
    /// <value>Empty. A topic that is not named here is created by the first producer that asks for it, with <see cref="KafkaCluster.AutoCreatedPartitions"/>.</value>
    public IDictionary<string, int> Topics { get; } = new Dictionary<string, int>();

    /// <summary>How long each broker waits before it answers.</summary>
    /// <value>The default value is zero.</value>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>How long a new group waits for more members before its first assignment.</summary>
    /// <value>The default value is zero; Kafka's own is 3 seconds.</value>
    public TimeSpan GroupInitialRebalanceDelay { get; set; }

    internal void Validate()
    {
        if (Brokers is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(Brokers), Brokers, "A cluster has 1 to 100 brokers.");
        if (Port is < 0 or > 65_535)
            throw new ArgumentOutOfRangeException(nameof(Port), Port, "A port is a number from 0 to 65535.");
        foreach (var (topic, partitions) in Topics)
            ValidateTopic(topic, partitions);
    }

    internal static void ValidateTopic(string topic, int partitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        if (partitions < 1)
            throw new ArgumentOutOfRangeException(nameof(partitions), partitions, $"Topic '{topic}' needs at least one partition.");
    }
}
