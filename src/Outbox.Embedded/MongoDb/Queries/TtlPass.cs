using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Queries;

/// Deletes what TTL indexes say has expired. A document that an open transaction holds waits for the next pass.
internal sealed class TtlPass(Store store)
{
    public void Run(CancellationToken cancellation)
    {
        foreach (var collection in store.Catalog.All())
        {
            foreach (var index in collection.Indexes.Where(i => i.Spec.ExpireAfterSeconds is not null))
            {
                Expire(collection, index, cancellation);
            }
        }
    }

    private void Expire(Collection collection, CollectionIndex index, CancellationToken cancellation)
    {
        var latest = store.Clock.Now - TimeSpan.FromSeconds(index.Spec.ExpireAfterSeconds!.Value);
        var query = Query.Parse(new BsonDocument(index.Spec.Keys[0].Path, new BsonDocument("$lte", latest)), store.Catalog.Variables) with { Hint = index.Spec.Name };
        var scope = new ReadScope(null, false, new Budget(store.Clock.Time, null, cancellation));
        try
        {
            foreach (var candidate in query.Run(store, collection, scope))
            {
                var before = PreparedDocument.Create(collection, candidate.Document, candidate.Data);
                store.Writes.Replace(new Target(collection, candidate.Record, candidate.Version, before), null, ChangeKind.Delete, null);
            }
        }
        catch (MongoError error) when (error.Code is 175 or 2)
        {
            // The collection or its index was dropped meanwhile: there is nothing left to expire.
        }
    }
}
