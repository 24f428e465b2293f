using Outbox.Delivery.Publishing;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>What became of a batch.</summary>
/// <param name="Results">One for each message. <see cref="PublishResult.Held"/> is what was not sent, was sent in vain together with others, or is suspected.</param>
/// <param name="Suspects">Messages of which one at least was refused, with all that went with it.</param>
/// <param name="AnyRefusal">Whether a broker refused anything, for which others of the batch were not accepted.</param>
internal sealed record BatchOutcome(PublishResult[] Results, IReadOnlyList<int> Suspects, bool AnyRefusal);
