using Outbox.Delivery;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Bulk;
using Outbox.Testing.Delivery;
using Outbox.Testing.Inbox;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations.Bulk;

/// <summary>Works on bulk operations.</summary>
internal sealed class InMemoryBulkRun(InMemoryStore store, InMemoryOutboxActs outbox, InMemoryInboxActs inbox, RelaySignal signal, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <returns>Whether it was free.</returns>
    public async Task<bool> TryRunAsync(string id, CancellationToken cancellationToken)
    {
        var entry = store.Run(tables => Take(tables, id));
        if (entry is null)
        {
            return false;
        }

        try
        {
            while (store.Run(tables => Step(tables, entry)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                signal.Raise();
                await PaceAsync(entry.Operation.Request, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            entry.IsTaken = false;
        }
    }

    /// <summary>What was parked when it started, and it has neither taken nor left.</summary>
    public List<string> Left(Tables tables, BulkEntry entry)
    {
        if (entry.Operation.Request.Action == BulkAction.Restore)
        {
            return [.. Discarded(tables, entry.Operation).Where(message => !entry.Left.Contains(message))];
        }

        var (request, id, started) = (entry.Operation.Request, entry.Operation.Id, entry.Operation.StartedAt);
        var chosen = request.Outbox is { } filter
            ? InMemoryOutboxActs.Chosen(tables, filter).Where(message => tables.Parked[message] is var parked && parked.ParkedAt <= started && parked.Failure.OperationId != id)
            : InMemoryInboxActs.Chosen(tables, request.Inbox!).Where(message => tables.InboxParked.Find(other => other.Id == message) is { } parked
                && parked.ParkedAt <= started && parked.Failure.OperationId != id && (request.Action == BulkAction.Discard || MayRetry(parked, request)));
        return [.. chosen.Where(message => !entry.Left.Contains(message))];
    }

    /// <summary>From an entity's last version to its first.</summary>
    private static IEnumerable<string> Discarded(Tables tables, BulkOperation operation) => operation.Request.Outbox is { } filter
        ? tables.Discarded.Values.Select(discarded => discarded.Parked).Where(parked => parked.Discarded!.At <= operation.StartedAt && InMemoryOutboxFailures.Matches(filter, parked))
            .OrderByDescending(parked => parked.Message.EntityId, StringComparer.Ordinal).ThenByDescending(parked => parked.Message.Version).Select(parked => parked.Message.MessageId)
        : tables.InboxDiscarded.Where(discarded => discarded.Note.At <= operation.StartedAt && InMemoryInboxFailures.Matches(operation.Request.Inbox!, discarded.Parked))
            .OrderByDescending(discarded => discarded.Parked.Message.EntityId, StringComparer.Ordinal).ThenByDescending(discarded => discarded.Parked.Message.Version).Select(discarded => discarded.Parked.Id);

    /// <summary>What waits for another is tried again by itself.</summary>
    private static bool MayRetry(ParkedEntry parked, BulkRequest request) => parked.Message is { Reason: not ParkReason.Held, Omitted: null }
        && (request.Inbox!.Reason is not null || parked.Message.Reason is ParkReason.Failed or ParkReason.Unreadable);

    private BulkEntry? Take(Tables tables, string id)
    {
        if (!tables.Operations.TryGetValue(id, out var entry) || entry.Operation.HasEnded || entry.IsTaken)
        {
            return null;
        }

        entry.IsTaken = true;
        entry.Operation = entry.Operation with { State = BulkState.Running, BeganAt = entry.Operation.BeganAt ?? Now };
        return entry;
    }

    /// <returns>Whether there may be more.</returns>
    private bool Step(Tables tables, BulkEntry entry)
    {
        var operation = entry.Operation;
        if (operation.HasEnded)
        {
            return false;
        }

        if (operation.Done >= (operation.Request.Limit ?? long.MaxValue) || Left(tables, entry) is not [var next, ..])
        {
            var missed = Math.Max(0, operation.Total - operation.Done - operation.Skipped);
            entry.Operation = operation with { State = BulkState.Done, EndedAt = Now, Skipped = operation.Skipped + missed };
            return false;
        }

        entry.Operation = Act(tables, entry, next) with { ProgressedAt = Now };
        return true;
    }

    private BulkOperation Act(Tables tables, BulkEntry entry, string next)
    {
        var operation = entry.Operation;
        var decision = new Decision(operation.Request.Reason) { By = operation.Request.By };
        try
        {
            _ = (operation.Request.Outbox is not null, operation.Request.Action) switch
            {
                (true, BulkAction.Retry) => outbox.Retry(tables, next, decision, operation.Id),
                (true, BulkAction.Restore) => outbox.Restore(tables, next, decision, operation.Id),
                (_, BulkAction.Restore) => inbox.Restore(tables, next, decision, operation.Id),
                (true, _) => outbox.Discard(tables, next, decision, operation.Id),
                (_, BulkAction.Retry) => inbox.Retry(tables, next, decision, operation.Id),
                _ => inbox.Discard(tables, next, decision, operation.Id),
            };
            return operation with { Done = operation.Done + 1, Total = Math.Max(operation.Total, operation.Done + operation.Skipped + 1) };
        }
        catch (OutboxException refused)
        {
            entry.Left.Add(next);
            return operation with { Skipped = operation.Skipped + 1, Error = refused.Message };
        }
    }

    private Task PaceAsync(BulkRequest request, CancellationToken cancellationToken) =>
        request.PerSecond is { } rate ? Task.Delay(TimeSpan.FromSeconds(1 / rate), time, cancellationToken) : Task.CompletedTask;
}
