namespace Outbox.Kafka.Installation;

/// <summary>The brokers could not be asked in time.</summary>
internal sealed class TopicsUnavailableException(string reason, Exception? innerException = null) : Exception(reason, innerException);
