namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>A Kafka key, compared by its bytes.</summary>
internal readonly struct MessageKey(byte[] bytes) : IEquatable<MessageKey>
{
    private readonly byte[] _bytes = bytes;

    public bool Equals(MessageKey other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => obj is MessageKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }
}
