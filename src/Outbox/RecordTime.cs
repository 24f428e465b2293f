namespace Outbox;

/// <summary>Which time the records on Kafka bear.</summary>
public enum RecordTime
{
    /// <summary>
    /// When the message was published, by the database server's clock. Where that is too far from the broker's, the broker refuses every record: they wait, and health names the clock.
    /// </summary>
    Published,

    /// <summary>
    /// When the message was captured, by its host's clock. A message that waited long may then be older than its topic keeps messages, and one from a host whose clock is wrong is
    /// refused by the broker and parked.
    /// </summary>
    Captured,
}
