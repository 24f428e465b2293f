using Outbox.Delivery.Batches;

namespace Outbox.Delivery.Relaying;

/// <summary>A page after its batch was published.</summary>
/// <param name="Page">The page.</param>
/// <param name="Batch">What became of its batch.</param>
/// <param name="Judgement">Whose fault its failures are.</param>
internal sealed record PublishedPage(FilteredPage Page, PublishedBatch Batch, Judgement Judgement);
