using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Starts and ends bulk operations, with a line in the audit.</summary>
internal sealed class BulkActs(OutboxCollections collections, ShortTransactions transactions, BulkSides sides, MongoAudit audit, IOptions<OutboxOptions> options)
{
    private static readonly FindOneAndUpdateOptions<BsonDocument, BsonDocument> Upsert = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <returns>The operation, or the one that is there by this id.</returns>
    /// <exception cref="OutboxException">The one that is there does something else.</exception>
    public async Task<BulkOperation> StartAsync(BulkRequest request, CancellationToken cancellationToken)
    {
        var named = request with { Id = request.Id ?? ObjectId.GenerateNewId().ToString(), By = request.By.Named(options.Value.Source) };
        var side = sides.Of(named);
        var total = await side.Parked.CountDocumentsAsync(side.Filter, new CountOptions { Hint = side.Order, Limit = request.Limit }, cancellationToken).ConfigureAwait(false);
        var started = await transactions.RunAsync((session, token) => StartAsync(session, named, total, token), cancellationToken).ConfigureAwait(false);
        return OperationDocument.IsOf(started, named) ? OperationDocument.Read(started) : throw BulkRules.IsAnother(named.Id);
    }

    public Task<bool> CancelAsync(string id, Decision decision, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var open = new BsonDocument("_id", id).AddRange(OperationDocument.IsOpen);
            var ended = await collections.Operations.UpdateOneAsync(session, open, OperationStore.Ended(BulkState.Cancelled, []), cancellationToken: token).ConfigureAwait(false);
            if (ended.MatchedCount > 0)
            {
                var entry = new AuditEntry(AuditActs.Cancel, $"bulk operation {id}", decision.By, decision.Reason, "cancelled") { OperationId = id };
                await audit.WriteAsync(session, entry, token).ConfigureAwait(false);
            }

            return ended.MatchedCount > 0;
        },
        cancellationToken);

    private async Task<BsonDocument> StartAsync(IClientSessionHandle session, BulkRequest request, long total, CancellationToken cancellationToken)
    {
        var id = new BsonDocument("_id", request.Id);
        var there = await collections.Operations.Find(session, id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (there is not null)
        {
            return there;
        }

        var operation = new BsonDocument(id).AddRange(OperationDocument.Of(request)).AddRange(new BsonDocument
        {
            { "state", OperationDocument.StateName(BulkState.Waiting) }, { "open", true }, { "epoch", 0L }, { "total", total }, { "done", 0L }, { "skipped", 0L },
        });
        var times = new BsonDocument { { "startedAt", Now }, { OperationDocument.LeaseUntil, Now } };
        var started = await collections.Operations.FindOneAndUpdateAsync(session, id, Becomes(operation, times), Upsert, cancellationToken).ConfigureAwait(false);
        var target = string.Create(CultureInfo.InvariantCulture, $"{total} {(request.Action == BulkAction.Restore ? "discarded" : "parked")} messages of the {(request.Outbox is null ? "inbox" : "outbox")} ({(object?)request.Outbox ?? request.Inbox})");
        var entry = new AuditEntry(AuditActs.Start, target, request.By, request.Reason, $"bulk operation {request.Id} ({OperationDocument.ActionName(request.Action)}) started") { OperationId = request.Id };
        await audit.WriteAsync(session, entry, cancellationToken).ConfigureAwait(false);
        return started;
    }
}
