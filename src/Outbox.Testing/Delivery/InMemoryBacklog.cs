using Outbox.Delivery.Health;
using Outbox.Inbox;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>Counts what is in the store.</summary>
internal sealed class InMemoryBacklog(InMemoryStore store, TimeProvider time) : IOutboxBacklog
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(store.Run(tables =>
    {
        var oldest = tables.Outbox.Values.Where(message => message.Lane >= 0).Min(message => (DateTimeOffset?)message.Timestamp);
        return new OutboxBacklog(tables.Outbox.Count, tables.Parked.Count, oldest is null ? null : time.GetUtcNow() - oldest)
        {
            InboxParked = tables.InboxParked.Count(entry => entry.Message.Reason is ParkReason.Failed or ParkReason.Unreadable),
            OverdueGaps = tables.InboxParked.Count(entry => entry.Message.Reason == ParkReason.Gap && entry.Message.Deadline < time.GetUtcNow() - Patience),
        };
    }));
}
