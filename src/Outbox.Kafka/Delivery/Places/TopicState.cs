namespace Outbox.Kafka.Delivery.Places;

/// <summary>What the brokers say of a topic.</summary>
/// <param name="Closed">Why nothing can be written to it, if so.</param>
/// <param name="Leaders">The broker that leads each partition; negative when none does.</param>
/// <param name="InSync">How many replicas of each partition are in sync.</param>
/// <param name="MinInSync">How many must be for a write to be accepted, if that is known.</param>
/// <param name="MaxMessageBytes">The largest batch of records that it takes, if that is known.</param>
internal sealed record TopicState(string? Closed, IReadOnlyList<int> Leaders, IReadOnlyList<int> InSync, int? MinInSync, int? MaxMessageBytes)
{
    public static TopicState ClosedBy(string reason) => new(reason, [], [], null, null);

    /// <summary>Whether any partition is closed.</summary>
    public bool AnyPartitionClosed { get; } = Leaders.Any(leader => leader < 0) || InSync.Any(replicas => replicas < MinInSync);

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

        return InSync[partition] < MinInSync
            ? $"Partition {partition} of topic '{topic}' has {InSync[partition]} replicas in sync, and its min.insync.replicas asks for {MinInSync}."
            : null;
    }
}
