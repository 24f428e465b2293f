namespace Outbox.Kafka.Inbox.Watching;

/// <summary>A consumer's client has to be replaced, and is not waited for: closing it takes as long as it hopes for an answer.</summary>
internal sealed class DeadClientException(string message) : Exception(message);
