using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Operations.Bulk;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>
/// Bulk operations in <c>outbox.operations</c>, and who works on them: one instance at a time, under a lease by the server's clock with a number that grows, so that whoever lost it can note nothing more.
/// </summary>
internal sealed class OperationStore(OutboxCollections collections, IOptions<OutboxOptions> options)
{
    private static readonly FindOneAndUpdateOptions<BsonDocument, BsonDocument?> Updated = new() { ReturnDocument = ReturnDocument.After };
    private readonly string _owner = new RelayIdentity().Owner;

    public TimeSpan Lease => options.Value.LeaseDuration;

    public Task<BsonDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        collections.Operations.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken)!;

    /// <summary>The longest waiting of those that nobody works on.</summary>
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        var free = new BsonDocument(OperationDocument.IsOpen).Add("$expr", Op("$lte", "$" + OperationDocument.LeaseUntil, Now));
        var next = await collections.Operations.Find(free, new FindOptions { Hint = new BsonDocument("startedAt", 1) }).Sort(new BsonDocument("startedAt", 1)).Limit(1)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return next?["_id"].AsString;
    }

    /// <summary>Takes an operation over.</summary>
    /// <returns><see langword="null"/> if somebody else works on it, or it has ended.</returns>
    public async Task<HeldOperation?> TakeAsync(string id, CancellationToken cancellationToken)
    {
        var free = new BsonDocument { { "_id", id }, { "open", true }, { "$expr", Op("$lte", "$" + OperationDocument.LeaseUntil, Now) } };
        var taken = await collections.Operations.FindOneAndUpdateAsync(
            free,
            Set(new BsonDocument
            {
                { "state", OperationDocument.StateName(BulkState.Running) }, { "owner", Literal(_owner) }, { "epoch", Op("$add", "$epoch", 1L) }, { OperationDocument.LeaseUntil, In(Lease) },
                { "beganAt", Op("$ifNull", "$beganAt", Now) }, { "progressedAt", Op("$ifNull", "$progressedAt", Now) },
            }),
            Updated,
            cancellationToken).ConfigureAwait(false);
        return taken is null ? null : new HeldOperation(taken, taken["epoch"].ToInt64());
    }

    /// <summary>Notes what was done, in the transaction that did it.</summary>
    /// <exception cref="OperationLostException">The operation has ended, or another instance works on it: what was done is undone with the transaction.</exception>
    public async Task NoteAsync(IClientSessionHandle session, HeldOperation held, int done, string? skipped, CancellationToken cancellationToken)
    {
        var noted = await collections.Operations.UpdateOneAsync(
            session,
            Held(held),
            Set(new BsonDocument
            {
                { "done", Op("$add", "$done", (long)done) }, { "skipped", Op("$add", "$skipped", skipped is null ? 0L : 1L) }, { "progressedAt", Now }, { OperationDocument.LeaseUntil, In(Lease) },
                { "error", Literal(skipped), skipped is not null },
            }),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        OperationLostException.ThrowIf(noted.MatchedCount == 0);
    }

    /// <summary>Goes on owning an operation.</summary>
    /// <exception cref="OperationLostException">It has ended, or another instance works on it.</exception>
    public async Task KeepAsync(HeldOperation held, CancellationToken cancellationToken)
    {
        var kept = await collections.Operations.UpdateOneAsync(
            Held(held), Set(new BsonDocument(OperationDocument.LeaseUntil, In(Lease))), cancellationToken: cancellationToken).ConfigureAwait(false);
        OperationLostException.ThrowIf(kept.MatchedCount == 0);
    }

    /// <summary>All is done. What was there at the start and was not met is somebody else's doing.</summary>
    public Task EndAsync(HeldOperation held, CancellationToken cancellationToken)
    {
        var missed = Op("$max", 0L, Op("$subtract", "$total", Op("$add", "$done", "$skipped")));
        return collections.Operations.UpdateOneAsync(
            Held(held), Ended(BulkState.Done, new BsonDocument("skipped", Op("$add", "$skipped", missed))), cancellationToken: cancellationToken);
    }

    /// <summary>Lets another instance go on at once, and says what went wrong.</summary>
    public Task ReleaseAsync(HeldOperation held, string? error, CancellationToken cancellationToken) => collections.Operations.UpdateOneAsync(
        Held(held),
        Set(new BsonDocument { { OperationDocument.LeaseUntil, error is null ? Now : In(Lease) }, { "error", Literal(error), error is not null } }),
        cancellationToken: cancellationToken);

    public static UpdateDefinition<BsonDocument> Ended(BulkState state, BsonDocument more) => Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
    {
        new("$set", new BsonDocument { { "state", OperationDocument.StateName(state) }, { "endedAt", Now } }.AddRange(more)),
        new("$unset", "open"),
    });

    private static BsonDocument Held(HeldOperation held) => new() { { "_id", held.Document["_id"] }, { "open", true }, { "epoch", held.Epoch } };
}

/// <summary>An operation was cancelled, or another instance has taken it over.</summary>
internal sealed class OperationLostException() : Exception("The operation was cancelled, or another instance has taken it over.")
{
    public static void ThrowIf(bool isLost)
    {
        if (isLost)
        {
            throw new OperationLostException();
        }
    }
}
