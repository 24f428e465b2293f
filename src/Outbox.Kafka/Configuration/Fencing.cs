namespace Outbox.Kafka;

/// <summary>What keeps a relay that was paused past its lease from putting old messages behind newer ones.</summary>
public enum Fencing
{
    /// <summary>
    /// The producer drops what it has queued before the lease ends. A batch that was already on the wire when the process was paused can still
    /// arrive late, as duplicates of what the next relay published.
    /// </summary>
    LeaseTime,

    /// <summary>
    /// Each lane publishes in Kafka transactions under its own <c>transactional.id</c>; the next owner's producer fences the last, so that a batch on
    /// the wire is aborted. Consumers must read committed messages only (librdkafka's default; Java's is not). Costs a transaction for each lane and batch.
    /// </summary>
    KafkaTransactions,
}
