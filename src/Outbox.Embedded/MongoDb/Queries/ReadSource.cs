using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// What is read: a collection by its name, and the index that is walked. A cursor dies with each of them, unless it was there for an aborted transaction alone.
internal sealed class ReadSource(Collection collection, CollectionIndex? index)
{
    private readonly Namespace _name = collection.Name;

    public bool Gone => (collection.Dropped && !collection.NeverWas) || collection.Name != _name || (index is not null && !collection.Indexes.Contains(index));

    public void Ensure()
    {
        if (Gone)
        {
            throw new MongoError(175, "QueryPlanKilled", $"collection dropped or renamed, or index dropped, while {_name} was read");
        }
    }
}
