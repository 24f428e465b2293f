namespace Outbox.Kafka.Inbox.Processing;

/// <summary>A message could not be brought to its end for a reason that is not the message's.</summary>
internal sealed class OutageException(Exception cause) : Exception(cause.Message, cause);
