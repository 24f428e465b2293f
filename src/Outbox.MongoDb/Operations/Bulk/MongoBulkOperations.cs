using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations;
using Outbox.Operations.Bulk;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Starts bulk operations, and tells of them; a runner, here or elsewhere, does the work.</summary>
internal sealed class MongoBulkOperations(OutboxCollections collections, BulkActs acts, BulkRunner runner, BulkSignal signal, TimeProvider time) : IBulkOperations
{
    private static readonly BsonDocument Latest = new() { { "startedAt", -1 }, { "_id", -1 } };

    /// <summary>How often <see cref="RunAsync"/> looks how far another instance is.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<BulkOperation> StartAsync(BulkRequest request, CancellationToken cancellationToken = default)
    {
        BulkRules.Check(request);
        var started = await acts.StartAsync(request, cancellationToken).ConfigureAwait(false);
        signal.Raise();
        return started;
    }

    /// <inheritdoc/>
    public async Task<BulkOperation?> GetOperationAsync(string id, CancellationToken cancellationToken = default)
    {
        var found = await collections.Operations.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : await ReadAsync(found, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Page<BulkOperation>> ListOperationsAsync(string? cursor = null, int size = 100, CancellationToken cancellationToken = default)
    {
        PageCursor.CheckSize(size);
        var found = await collections.Operations.Find(cursor is null ? [] : Behind(cursor), new FindOptions { Hint = new BsonDocument { { "startedAt", 1 }, { "_id", 1 } } })
            .Sort(Latest).Limit(size + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
        var operations = new List<BulkOperation>();
        foreach (var document in found.Take(size))
        {
            operations.Add(await ReadAsync(document, cancellationToken).ConfigureAwait(false));
        }

        return new Page<BulkOperation>(operations, found.Count > size
            ? PageCursor.Write("operations", operations[^1].StartedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), operations[^1].Id)
            : null);
    }

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string id, Decision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return acts.CancelAsync(id, decision, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<BulkOperation> RunAsync(string id, IProgress<BulkOperation>? progress = null, CancellationToken cancellationToken = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = progress is null ? Task.CompletedTask : TellAsync(id, progress, ended.Token);
        try
        {
            while (true)
            {
                var operation = await GetOperationAsync(id, cancellationToken).ConfigureAwait(false) ?? throw BulkRules.IsNone(id);
                if (operation.HasEnded)
                {
                    progress?.Report(operation);
                    return operation;
                }

                if (!await runner.TryRunAsync(id, cancellationToken).ConfigureAwait(false))
                {
                    await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(string id, IProgress<BulkOperation> progress, CancellationToken cancellationToken)
    {
        while (await GetOperationAsync(id, cancellationToken).ConfigureAwait(false) is { } operation)
        {
            progress.Report(operation);
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What failed again is counted where it is: no relay and no endpoint waits for an operation to note it.</summary>
    private async Task<BulkOperation> ReadAsync(BsonDocument document, CancellationToken cancellationToken)
    {
        var operation = OperationDocument.Read(document);
        if (operation.Request.Action != BulkAction.Retry)
        {
            return operation;
        }

        var taken = new BsonDocument(FailureFields.OperationId, operation.Id);
        var count = new CountOptions { Hint = FailureIndexes.Operation };
        var failedAgain = operation.Request.Outbox is not null
            ? collections.Parked.CountDocumentsAsync(taken, count, cancellationToken)
            : collections.InboxParked.CountDocumentsAsync(new BsonDocument(taken) { { "retry", new BsonDocument("$ne", true) } }, count, cancellationToken);
        return operation with { FailedAgain = await failedAgain.ConfigureAwait(false) };
    }

    private static BsonDocument Behind(string cursor)
    {
        var place = PageCursor.Read(cursor, parts: 3);
        if (place[0] != "operations" || !long.TryParse(place[1], CultureInfo.InvariantCulture, out var ticks) || ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            throw PageCursor.Wrong();
        }

        var at = new DateTime(ticks, DateTimeKind.Utc);
        return new BsonDocument
        {
            { "startedAt", new BsonDocument("$lte", at) },
            { "$or", new BsonArray { new BsonDocument("startedAt", new BsonDocument("$lt", at)), new BsonDocument("_id", new BsonDocument("$lt", place[2])) } },
        };
    }
}
