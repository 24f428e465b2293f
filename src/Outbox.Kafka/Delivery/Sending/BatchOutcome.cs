using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>What became of a batch.</summary>
/// <param name="Results">One for each message. <see cref="PublishResult.Held"/> is what was not sent, was sent in vain together with others, or is suspected.</param>
/// <param name="Suspects">Messages of which one at least was refused, with all that went with it.</param>
/// <param name="AnyRefusal">Whether a broker refused anything, for which others of the batch were not accepted.</param>
internal sealed record BatchOutcome(PublishResult[] Results, IReadOnlyList<int> Suspects, bool AnyRefusal)
{
    /// <summary>
    /// What becomes of a batch whose time was over before it was sent: a producer that is asked to send it would be given up at once, and what it had queued might still go out. That is not the
    /// brokers' fault: it goes with the next.
    /// </summary>
    public static BatchOutcome TooLate(IReadOnlyList<OutboxMessage> messages) => Of(messages, PublishResult.Held);

    /// <summary>What becomes of a batch of which nothing was sent.</summary>
    public static BatchOutcome Of(IReadOnlyList<OutboxMessage> messages, PublishResult result) => new([.. messages.Select(_ => result)], [], AnyRefusal: false);
}
