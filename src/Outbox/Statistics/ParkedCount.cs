namespace Outbox.Statistics;

/// <summary>How much is parked in one place for one reason.</summary>
/// <param name="Place">The topic, of messages that could not be published; the endpoint, of those that were consumed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many, counted up to a limit.</param>
/// <param name="OldestAge">How long ago the first of them was parked.</param>
internal sealed record ParkedCount(string Place, string Reason, long Count, TimeSpan OldestAge)
{
    /// <summary>Whether it was consumed, and not to be published.</summary>
    public bool IsInbox { get; init; }
}
