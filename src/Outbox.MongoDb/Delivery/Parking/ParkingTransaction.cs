using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>
/// Moves messages from the outbox to where a person sees them, each move in one transaction, and only what is still in the outbox: a relay that
/// lost its lane parks nothing that another has published meanwhile.
/// </summary>
internal sealed class ParkingTransaction(OutboxCollections collections, ShortTransactions transactions)
{
    /// <summary>So few that a transaction of the largest messages stays far from its time limit.</summary>
    private const int MostAtOnce = 20;

    public async Task ParkAsync(IEnumerable<ParkedNote> notes, CancellationToken cancellationToken)
    {
        foreach (var some in notes.Chunk(MostAtOnce))
        {
            await transactions.RunAsync((session, token) => MoveAsync(session, some, token), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> MoveAsync(IClientSessionHandle session, ParkedNote[] notes, CancellationToken cancellationToken)
    {
        var byId = notes.ToDictionary(note => note.MessageId);
        var ids = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(byId.Keys)));
        var stored = await collections.OutboxDocuments.Find(session, ids).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (stored.Count == 0)
        {
            return false;
        }

        var writes = stored.Select(document => new UpdateOneModel<BsonDocument>(
            new BsonDocument("_id", document["_id"]), ParkedDocument.Becomes(document, byId[document["_id"]]))
        { IsUpsert = true });
        await collections.OutboxDocuments.DeleteManyAsync(session, ids, cancellationToken: cancellationToken).ConfigureAwait(false);
        await collections.Parked.BulkWriteAsync(session, writes, cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }
}
