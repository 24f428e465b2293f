using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>Reads what is kept of one entity: in a transaction, as of its snapshot, or outside of one, as a majority has it.</summary>
public interface IHistoryReader
{
    /// <summary>The version of the entity's last event; 0 if there is none.</summary>
    Task<long> HeadAsync(Entity entity, CancellationToken cancellationToken);

    /// <summary>The entity's events of a range of versions, both ends included, in their order.</summary>
    IAsyncEnumerable<KeptEvent> ReadAsync(Entity entity, long from, long to, CancellationToken cancellationToken);

    /// <summary>The entity's snapshot, if it has one of this schema.</summary>
    Task<StoredSnapshot?> FindSnapshotAsync(Entity entity, int schema, CancellationToken cancellationToken);
}
