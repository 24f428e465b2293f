using Outbox.Delivery.Publishing;

namespace Outbox.Delivery.Batches;

/// <summary>Whose fault it is that messages of a batch failed.</summary>
/// <param name="Own">Those that failed themselves.</param>
/// <param name="OfPlaces">Those that their places did not take.</param>
/// <param name="Closed">The places that did not, and why.</param>
internal sealed record Judgement(
    IReadOnlyList<FailedMessage> Own, IReadOnlyList<FailedMessage> OfPlaces, IReadOnlyDictionary<Place, PublishResult> Closed);
