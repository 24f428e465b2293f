namespace Outbox.Kafka.Inbox.Way;

/// <summary>One step of the way. It says what comes next for each message, and leaves it to others to act on that.</summary>
internal interface IStep
{
    /// <param name="messages">One message, or those of a batch.</param>
    /// <returns>A verdict for each, in their order; only to be read.</returns>
    Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages);
}
