namespace Outbox.Kafka.Formats.Wire;

/// <summary>A message as it came from Kafka.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; <see langword="null"/> is a tombstone.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Time">The record's own timestamp.</param>
/// <param name="TopicType">The topic's message type, when only one is registered: for formats that do not name it.</param>
internal readonly record struct WireMessage(byte[]? Key, byte[]? Value, WireHeaders Headers, DateTimeOffset Time, string? TopicType)
{
    // Some producers begin their JSON with a byte order mark, which JSON forbids.
    public byte[]? Value { get; init; } = Value is [0xEF, 0xBB, 0xBF, ..] ? Value[3..] : Value;

    /// <summary>The type of what is in no known format, where the topic says so.</summary>
    public string? DefaultType { get; init; }

    // The cast matters: without it null becomes an empty payload, and a tombstone a malformed message.
    public ReadOnlyMemory<byte>? Payload => Value is null ? (ReadOnlyMemory<byte>?)null : Value;
}
