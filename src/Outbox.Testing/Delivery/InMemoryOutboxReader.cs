using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Operations.Failures;
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
            .Where(message => !waiting.Contains(message.Entity) && !(IsClosed(request, message) && waiting.Add(message.Entity))), Pass);
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
                tables.Failures.Remove(message.MessageId);
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
            foreach (var unpublishable in messages)
            {
                if (tables.Outbox.Remove(unpublishable.Message.MessageId, out var stored))
                {
                    tables.Parked[stored.MessageId] = Parked(tables, stored, unpublishable);
                }
            }
        });
        return Task.CompletedTask;
    }

    private ParkedOutboxMessage Parked(Tables tables, OutboxMessage stored, UnpublishableMessage failed)
    {
        var now = time.GetUtcNow();
        tables.Failures.Remove(stored.MessageId, out var before);
        before ??= FailureRecord.None;
        var failure = before with { Group = failed.Signature.Group, Title = failed.Signature.Title, FirstFailedAt = before.FirstFailedAt ?? now };
        return new ParkedOutboxMessage(stored, failed.Error, failed.Attempts, failed.HoldsEntity, now) { Failure = failure };
    }

    /// <summary>What is discarded, and held its entity, is gone past by what follows it: it cannot be restored any more.</summary>
    private static void Pass(Tables tables, IReadOnlyList<OutboxMessage> swept)
    {
        foreach (var discarded in tables.Discarded.Values.Where(entry => entry.Parked.HoldsEntity && !entry.IsPassed))
        {
            var message = discarded.Parked.Message;
            discarded.IsPassed = swept.Any(next => next.Entity == message.Entity && (next.Version, next.Ordinal).CompareTo((message.Version, message.Ordinal)) > 0);
        }
    }

    private static bool IsClosed(SweepRequest request, OutboxMessage message) => request.ClosedPlaces.Any(place => place.Contains(new Place(message.Topic)));

    /// <summary>All pages are of one moment.</summary>
    private async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> PagesAsync(SweepRequest request, Func<Tables, IEnumerable<OutboxMessage>> read, Action<Tables, IReadOnlyList<OutboxMessage>>? also = null)
    {
        var swept = store.Run(tables =>
        {
            var found = read(tables).ToList();
            also?.Invoke(tables, found);
            return found;
        });
        foreach (var page in swept.Chunk(request.PageSize))
        {
            yield return await Task.FromResult(page).ConfigureAwait(false);
        }
    }
}
