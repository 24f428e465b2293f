namespace Outbox.Kafka.Formats.Wire;

/// <summary>A consumed message cannot be decoded; the text names the field. It repeats parts of the message, and so is cleaned: it is logged.</summary>
internal sealed class UnreadableMessageException(string message, Exception? innerException = null) : OutboxException(WireText.Clean(message), innerException);
