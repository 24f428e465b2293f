namespace Outbox.Embedded.Kafka;

/// <summary>Records that the cluster dropped by itself, because a partition grew beyond what it keeps.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Count">How many records are gone, read or not.</param>
/// <param name="FirstKept">The offset of the oldest record that is still there.</param>
public sealed record LostRecords(string Topic, int Partition, long Count, long FirstKept)
{
    /// <inheritdoc />
    public override string ToString() => $"{Topic}[{Partition}]: {Count} records dropped, the first kept has offset {FirstKept}";
}
