using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>The outbox as the relay sees it.</summary>
public interface IOutboxReader
{
    /// <summary>
    /// Reads the committed messages of some lanes once, page by page, in the order (lane, entity, version, ordinal). Only majority-committed messages
    /// are read. A message is never read before one of the same entity with a smaller version or ordinal, whatever commits while the sweep runs.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(IReadOnlyCollection<int> lanes, int pageSize, CancellationToken cancellationToken);

    /// <summary>Deletes published messages.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> messageIds, CancellationToken cancellationToken);

    /// <summary>Moves messages that cannot be published to where a person sees them, in one step each.</summary>
    Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken);
}
