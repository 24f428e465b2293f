using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>A record as it came from Kafka, now or before it was parked.</summary>
internal sealed record KafkaRecord(WirePosition Position, byte[]? Key, byte[]? Value, WireHeaders Headers, DateTimeOffset? Time)
{
    public string Topic => Position.Topic;

    /// <summary>About how many bytes it takes.</summary>
    public long Size { get; } = (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Size;
}
