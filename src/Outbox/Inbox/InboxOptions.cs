namespace Outbox.Inbox;

/// <summary>How an endpoint's inbox works.</summary>
public sealed class InboxOptions
{
    /// <summary>
    /// Whether the record, the consumer's writes and its messages are one transaction. Without one, the consumer's single version-checked change is what makes a repetition harmless, and
    /// the record is written after it; the consumer can neither publish nor use <c>context.Session()</c>.
    /// </summary>
    /// <remarks>
    /// A consumer that takes longer than MongoDB's <c>transactionLifetimeLimitSeconds</c>, a minute unless the server says otherwise, cannot have one: the server aborts it, and the message is parked.
    /// </remarks>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Transactional { get; set; } = true;
}
