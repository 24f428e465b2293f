namespace Outbox.Kafka.Formats.Wire;

/// <summary>A consumed message cannot be decoded; the text names the field.</summary>
internal sealed class UnreadableMessageException(string message, Exception? innerException = null) : OutboxException(message, innerException);
