namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>A message that was read and whose offset is not committed yet.</summary>
internal sealed class OpenOffset(long value, DateTimeOffset? time)
{
    public long Value => value;

    /// <summary>When it was published.</summary>
    public DateTimeOffset? Time => time;

    public bool Done { get; set; }
}
