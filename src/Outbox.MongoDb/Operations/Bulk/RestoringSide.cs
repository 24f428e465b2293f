using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Failures;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>
/// Messages that were given up, of either side, to be parked again. It goes from an entity's last version to its first, as each discard is undone where those after it are: a sequence steps back version by version.
/// </summary>
/// <param name="discarded">Where they are.</param>
/// <param name="order">The order of entities and versions, which is an index.</param>
/// <param name="filter">Which messages.</param>
/// <param name="restore">Restores one of them.</param>
internal sealed class RestoringSide(
    IMongoCollection<BsonDocument> discarded, BsonDocument order, BsonDocument filter, Func<IClientSessionHandle, BsonValue, HeldOperation, CancellationToken, Task<bool>> restore) : IBulkSide
{
    public IMongoCollection<BsonDocument> Parked => discarded;

    public BsonDocument Order => order;

    public BsonDocument Direction { get; } = new(order.Names.Select(name => new BsonElement(name, -1)));

    public string Since => DiscardFields.At;

    /// <summary>Each may be refused.</summary>
    public int AtOnce => 1;

    public BsonDocument Filter => filter;

    public async Task<int> ActAsync(IClientSessionHandle session, BsonArray ids, HeldOperation held, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var id in ids)
        {
            var which = new BsonDocument("$and", new BsonArray { new BsonDocument("_id", id), held.Chosen(this) });
            var isThere = await discarded.Find(session, which).Limit(1).AnyAsync(cancellationToken).ConfigureAwait(false);
            done += isThere && await restore(session, id, held, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return done;
    }

    /// <summary>What is parked is nobody's work.</summary>
    public void Acted()
    {
    }
}
