using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Versioning;

/// <summary>Version-checked replacements of many entities, in one command.</summary>
internal static class VersionedBatch
{
    /// <returns>How many were applied.</returns>
    public static async Task<long> WriteAsync(
        IMongoCollection<BsonDocument> collection, IClientSessionHandle session, IReadOnlyList<UpdateOneModel<BsonDocument>> writes, CancellationToken cancellationToken)
    {
        var applied = 0L;
        for (var attempt = 1; writes.Count > 0; attempt++)
        {
            try
            {
                return applied + Applied(await collection.BulkWriteAsync(session, writes, cancellationToken: cancellationToken).ConfigureAwait(false));
            }
            catch (MongoBulkWriteException<BsonDocument> error) when (IsRace(error, session, attempt))
            {
                // Another writer inserted that entity in the same moment. Those before it are done; go on with it.
                applied += Applied(error.Result);
                writes = writes.Skip(error.WriteErrors[0].Index).ToList();
            }
        }

        return applied;
    }

    private static long Applied(BulkWriteResult<BsonDocument> result) => result.ModifiedCount + result.Upserts.Count;

    private static bool IsRace(MongoBulkWriteException error, IClientSessionHandle session, int attempt) =>
        attempt < VersionedWrite.Attempts && !session.IsInTransaction && error.WriteConcernError is null && error.WriteErrors is [var only] && DuplicateKeys.IsOfId(only);
}
