namespace Outbox.Kafka.Inbox.DeadLettering;

/// <summary>A copy of a message, byte for byte, with headers that say what went wrong.</summary>
internal sealed record DeadLetter(byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers);
