using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations.Bulk;

/// <summary>Bulk operations in memory, one message at a time.</summary>
internal sealed class InMemoryBulkOperations(InMemoryStore store, InMemoryBulkRun run, InMemoryAudit audit, BulkSignal signal, IOptions<OutboxOptions> options) : IBulkOperations, IBulkWork
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async Task<BulkOperation> StartAsync(BulkRequest request, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        BulkRules.Check(request);
        var named = request with { Id = request.Id ?? Guid.CreateVersion7().ToString("N"), By = request.By.Named(options.Value.Source) };
        var started = store.Run(tables => tables.Operations.TryGetValue(named.Id, out var there) ? there : Start(tables, named));
        signal.Raise();
        return started.Operation.Request == named ? store.Run(tables => Read(tables, started)) : throw BulkRules.IsAnother(named.Id);
    }

    /// <inheritdoc/>
    public Task<BulkOperation?> GetOperationAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Run(tables => tables.Operations.TryGetValue(id, out var entry) ? Read(tables, entry) : null));

    /// <inheritdoc/>
    public async Task<Page<BulkOperation>> ListOperationsAsync(string? cursor = null, int size = 100, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        return store.Run(tables => InMemoryPages.Of(
            tables.Operations.Values.Select(entry => Read(tables, entry)), operation => (operation.StartedAt, operation.Id), latestFirst: true, ("operations", cursor, size)));
    }

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string id, Decision decision, CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables =>
    {
        if (!tables.Operations.TryGetValue(id, out var entry) || entry.Operation.HasEnded)
        {
            return false;
        }

        entry.Operation = entry.Operation with { State = BulkState.Cancelled, EndedAt = run.Now };
        audit.Write(tables, new AuditEntry(AuditActs.Cancel, $"bulk operation {id}", decision.By, decision.Reason, "cancelled") { OperationId = id });
        return true;
    }));

    /// <inheritdoc/>
    public async Task<BulkOperation> RunAsync(string id, IProgress<BulkOperation>? progress = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var operation = await GetOperationAsync(id, cancellationToken).ConfigureAwait(false) ?? throw BulkRules.IsNone(id);
            progress?.Report(operation);
            if (operation.HasEnded)
            {
                return operation;
            }

            if (!await run.TryRunAsync(id, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        var next = store.Run(tables => tables.Operations.Values.FirstOrDefault(entry => !entry.Operation.HasEnded && !entry.IsTaken)?.Operation.Id);
        return next is not null && await run.TryRunAsync(next, cancellationToken).ConfigureAwait(false);
    }

    private BulkEntry Start(Tables tables, BulkRequest request)
    {
        var entry = new BulkEntry { Operation = new BulkOperation(request.Id!, request, BulkState.Waiting, run.Now) };
        entry.Operation = entry.Operation with { Total = Math.Min(request.Limit ?? long.MaxValue, run.Left(tables, entry).Count) };
        tables.Operations[request.Id!] = entry;
        var target = string.Create(CultureInfo.InvariantCulture, $"{entry.Operation.Total} parked messages");
        audit.Write(tables, new AuditEntry(AuditActs.Start, target, request.By, request.Reason, $"bulk operation {request.Id} started") { OperationId = request.Id });
        return entry;
    }

    private static BulkOperation Read(Tables tables, BulkEntry entry)
    {
        var (operation, id) = (entry.Operation, entry.Operation.Id);
        return operation with
        {
            FailedAgain = operation.Request.Outbox is not null
                ? tables.Parked.Values.Count(parked => parked.Failure.OperationId == id)
                : tables.InboxParked.Count(parked => parked.Failure.OperationId == id && !parked.Retry),
        };
    }
}
