namespace Outbox.Embedded.Kafka;

/// <summary>What a <see cref="KafkaCluster"/> starts with.</summary>
public sealed class KafkaClusterOptions
{
    /// <summary>How many brokers, with ids from 1.</summary>
    /// <value>The default value is 1.</value>
    public int Brokers { get; set; } = 1;

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
