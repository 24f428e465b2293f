namespace Outbox.Kafka.Delivery.Places;

/// <summary>What the brokers say of a topic.</summary>
/// <param name="Missing">Why there is no such topic for this service, if so.</param>
/// <param name="Leaders">The broker that leads each partition; negative when none does.</param>
/// <param name="InSync">How many replicas of each partition are in sync.</param>
internal sealed record TopicState(string? Missing, IReadOnlyList<int> Leaders, IReadOnlyList<int> InSync)
{
    /// <summary>How many partitions the relays go by.</summary>
    public int Partitions => Agreed ?? Leaders.Count;

    /// <summary>How many the relays have agreed on.</summary>
    public int? Agreed { get; init; }

    /// <summary>How often lanes had been taken when they were asked for that.</summary>
    public long AgreedAt { get; init; } = -1;

    /// <summary>What else the brokers say, where they may be asked for it.</summary>
    public TopicRights Rights { get; init; } = new(null, null, null);

    /// <summary>Why nothing can be written to the topic, if so.</summary>
    public string? Closed => Missing ?? Rights.Denied;

    public static TopicState MissingBecause(string reason) => new(reason, [], []);

    /// <summary>Whether any partition is closed.</summary>
    public bool AnyPartitionClosed => Leaders.Any(leader => leader < 0) || InSync.Any(replicas => replicas < Rights.MinInSync);

    /// <summary>Why nothing can be written to a partition, if so.</summary>
    public string? ClosedAt(string topic, int partition)
    {
        if (partition >= Leaders.Count)
        {
            return null;
        }

        if (Leaders[partition] < 0)
        {
            return $"Partition {partition} of topic '{topic}' has no leader: no broker that has it is up.";
        }

        return InSync[partition] < Rights.MinInSync
            ? $"Partition {partition} of topic '{topic}' has {InSync[partition]} replicas in sync, and its min.insync.replicas asks for {Rights.MinInSync}."
            : null;
    }
}
