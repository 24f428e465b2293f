using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>A record as it came from Kafka, now or before it was parked.</summary>
internal sealed record KafkaRecord(WirePosition Position, byte[]? Key, byte[]? Value, WireHeaders Headers, DateTimeOffset? Time)
{
    /// <summary>The topic that the message belongs to: what comes on <c>orders.history.billing</c> is of <c>orders</c>.</summary>
    public string Topic { get; init; } = Position.Topic;

    /// <summary>About how many bytes it takes.</summary>
    public long Size { get; } = (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Size;
}
