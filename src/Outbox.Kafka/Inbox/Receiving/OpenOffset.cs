using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>A message that was read and whose offset is not committed yet.</summary>
internal sealed class OpenOffset(PartitionProgress partition, long value, DateTimeOffset? time) : IOpenOffset
{
    public long Value => value;

    /// <summary>When it was published.</summary>
    public DateTimeOffset? Time => time;

    public bool Done { get; set; }

    public void Finish() => partition.Finish(this);
}
