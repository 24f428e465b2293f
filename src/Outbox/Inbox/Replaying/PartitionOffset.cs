namespace Outbox.Inbox.Replaying;

/// <summary>A place on Kafka.</summary>
/// <param name="Topic">The topic, as the brokers know it.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
public sealed record PartitionOffset(string Topic, int Partition, long Offset)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Topic}/{Partition}/{Offset}";
}
