using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>A sweep reads one moment of the store, in the relay's order.</summary>
internal sealed class InMemoryOutboxReader(InMemoryStore store, IOptions<OutboxOptions> options, TimeProvider time) : IOutboxReader
{
    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var waiting = request.HeldEntities.Concat(request.WaitingEntities).ToHashSet();
        return PagesAsync(request, tables => tables.Outbox.Values
            .Where(message => request.Lanes.Contains(message.Lane) && !waiting.Contains(message.Entity))
            .OrderBy(message => message.Lane)
            .ThenBy(message => message.EntityId, StringComparer.Ordinal)
            .ThenBy(message => message.EntityType, StringComparer.Ordinal)
            .ThenBy(message => message.Version)
            .ThenBy(message => message.Ordinal)
            .Where(message => !waiting.Contains(message.Entity) && !(IsClosed(request, message) && waiting.Add(message.Entity))));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<OutboxMessage>> ReadDueAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var lanes = request.Lanes.Select(Lane.Delayed).ToHashSet();
        return PagesAsync(request, tables => tables.Outbox.Values
            .Where(message => lanes.Contains(message.Lane) && message.NotBefore <= request.ServerNow
                && !request.WaitingEntities.Contains(message.Entity) && !IsClosed(request, message))
            .OrderBy(message => message.Lane)
            .ThenBy(message => message.NotBefore));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<Entity>> ReadHeldEntitiesAsync(IReadOnlyCollection<int> lanes, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<Entity>>(store.Run(tables => tables.Parked.Values
            .Where(parked => parked.HoldsEntity && lanes.Contains(parked.Message.Lane))
            .Select(parked => parked.Message.Entity)
            .ToHashSet()));

    /// <inheritdoc/>
    public Task CompleteAsync(IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> expired, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            foreach (var message in published)
            {
                tables.Outbox.Remove(message.MessageId);
                if (options.Value.KeepSentFor is not null)
                {
                    tables.Sent.TryAdd(message.MessageId, message);
                }
            }

            foreach (var message in expired)
            {
                tables.Outbox.Remove(message.MessageId);
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ParkAsync(IReadOnlyCollection<UnpublishableMessage> messages, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            foreach (var (message, error, attempts, holdsEntity) in messages)
            {
                if (tables.Outbox.Remove(message.MessageId, out var stored))
                {
                    tables.Parked[message.MessageId] = new ParkedOutboxMessage(stored, error, attempts, holdsEntity, time.GetUtcNow());
                }
            }
        });
        return Task.CompletedTask;
    }

    private static bool IsClosed(SweepRequest request, OutboxMessage message) => request.ClosedPlaces.Any(place => place.Contains(new Place(message.Topic)));

    /// <summary>All pages are of one moment.</summary>
    private async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> PagesAsync(SweepRequest request, Func<Tables, IEnumerable<OutboxMessage>> read)
    {
        foreach (var page in store.Run(tables => read(tables).ToList()).Chunk(request.PageSize))
        {
            yield return await Task.FromResult(page).ConfigureAwait(false);
        }
    }
}
