namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>A message that was read and whose offset is not committed yet.</summary>
internal sealed class OpenOffset(long value)
{
    public long Value => value;

    public bool Done { get; set; }
}
