using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Failures;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>
/// Works on one operation. Messages are found along the index that has their order; those of a transaction are looked at in it once more, and it notes how many they were. So wherever it ends, what was noted
/// was done, once, and whoever goes on finds what is left.
/// </summary>
internal sealed class BulkRun(OperationStore store, ShortTransactions transactions, IBulkSide side, HeldOperation held, TimeProvider time)
{
    private long _done = held.Operation.Done;

    /// <exception cref="OperationLostException">It was cancelled, or another instance works on it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (Left > 0 && await PassAsync(cancellationToken).ConfigureAwait(false))
        {
            // The cursor was too old, or somebody has parked what was on its way.
        }

        await store.EndAsync(held, cancellationToken).ConfigureAwait(false);
    }

    private long Left => (held.Operation.Request.Limit ?? long.MaxValue) - _done;

    private double PerSecond => held.Operation.Request.PerSecond ?? double.PositiveInfinity;

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> PassAsync(CancellationToken cancellationToken)
    {
        var find = new FindOptions<BsonDocument> { Sort = side.Direction, Hint = side.Order, Projection = new BsonDocument("_id", 1), BatchSize = 500 };
        using var cursor = await side.Parked.FindAsync(held.Chosen(side), find, cancellationToken).ConfigureAwait(false);
        try
        {
            while (Left > 0 && await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                await TakeAsync([.. cursor.Current.Select(message => message["_id"])], cancellationToken).ConfigureAwait(false);
            }

            return false;
        }
        catch (MongoCursorNotFoundException)
        {
            return true;
        }
    }

    private async Task TakeAsync(BsonValue[] ids, CancellationToken cancellationToken)
    {
        for (var taken = 0; taken < ids.Length && Left > 0;)
        {
            var some = new BsonArray(ids.Skip(taken).Take((int)Math.Min(Left, Math.Clamp(PerSecond, 1, side.AtOnce))));
            taken += some.Count;
            var started = time.GetTimestamp();
            await ActAsync(some, cancellationToken).ConfigureAwait(false);
            await PaceAsync(TimeSpan.FromSeconds(some.Count / PerSecond) - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ActAsync(BsonArray ids, CancellationToken cancellationToken)
    {
        try
        {
            _done += await transactions.RunAsync(
                async (session, token) =>
                {
                    var done = await side.ActAsync(session, ids, held, token).ConfigureAwait(false);
                    await store.NoteAsync(session, held, done, skipped: null, token).ConfigureAwait(false);
                    return done;
                },
                cancellationToken).ConfigureAwait(false);
            side.Acted();
        }
        catch (Exception error) when (BulkErrors.IsOfMessages(error))
        {
            await (ids.Count == 1 ? SkipAsync(ids[0], error, cancellationToken) : EachAsync(ids, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>One of them is at fault; the others are not.</summary>
    private async Task EachAsync(BsonArray ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            await ActAsync([id], cancellationToken).ConfigureAwait(false);
        }
    }

    private Task SkipAsync(BsonValue id, Exception error, CancellationToken cancellationToken) => transactions.RunAsync(
        async (session, token) =>
        {
            var skipped = await side.Parked.UpdateOneAsync(
                session,
                new BsonDocument("$and", new BsonArray { new BsonDocument("_id", id), held.Chosen(side) }),
                Builders<BsonDocument>.Update.Set(FailureFields.SkippedBy, held.Id),
                cancellationToken: token).ConfigureAwait(false);
            if (skipped.MatchedCount > 0)
            {
                await store.NoteAsync(session, held, done: 0, error.Message, token).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    private async Task PaceAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        for (var left = wait; left > TimeSpan.Zero; left -= store.Lease / 3)
        {
            await Task.Delay(left < store.Lease / 3 ? left : store.Lease / 3, time, cancellationToken).ConfigureAwait(false);
            await store.KeepAsync(held, cancellationToken).ConfigureAwait(false);
        }
    }
}
