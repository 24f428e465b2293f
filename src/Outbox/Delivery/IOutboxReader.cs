using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>The outbox as the relay sees it.</summary>
public interface IOutboxReader
{
    /// <summary>
    /// Reads the committed messages of some lanes once, page by page, in the order (lane, entity, version, ordinal), without delayed ones and without what the
    /// request leaves out. Only majority-committed messages are read. A message is never read before one of the same entity with a smaller version or ordinal,
    /// whatever commits, is retried or is left out while the sweep runs.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the delayed messages that are due once, page by page, of each lane the longest due first. They have no order among their entity's other
    /// messages.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the entities of some lanes that wait for a person to decide on a parked message; so many of them as a relay should keep in mind. A sweep
    /// leaves out the others by itself.
    /// </summary>
    Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken);

    /// <summary>Removes messages that are published or expired; the published ones are kept as history where that is configured.</summary>
    Task CompleteAsync(IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken);

    /// <summary>
    /// Moves messages that cannot be published to where a person sees them: those that are still in the outbox. A crash in the middle leaves a message in
    /// one of the two places.
    /// </summary>
    Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken);
}
