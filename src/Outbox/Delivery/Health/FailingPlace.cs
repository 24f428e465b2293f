using Outbox.Delivery.Publishing;

namespace Outbox.Delivery.Health;

/// <summary>A place to which nothing gets through.</summary>
/// <param name="Place">What it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when, as a timestamp of the clock.</param>
/// <param name="IsAnswered">Whether there was an answer, and it said why.</param>
internal sealed record FailingPlace(Place Place, string Reason, long Since, bool IsAnswered);
