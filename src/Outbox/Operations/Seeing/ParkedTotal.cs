using Outbox.Inbox;

namespace Outbox.Operations.Seeing;

/// <summary>How much is parked in one place for one reason.</summary>
/// <param name="Place">The topic, of messages that could not be published; the endpoint, of those that were consumed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many, up to <see cref="IOutboxOverview.MostCounted"/>.</param>
/// <param name="OldestAge">For how long the first of them has been parked.</param>
public sealed record ParkedTotal(string Place, ParkReason Reason, long Count, TimeSpan OldestAge);
