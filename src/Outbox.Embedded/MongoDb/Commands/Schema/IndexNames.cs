using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Schema;

/// Which index is meant, and whether an asked one is there already.
internal static class IndexNames
{
    public static CollectionIndex Find(Collection collection, BsonValue nameOrKeys) =>
        collection.Indexes.FirstOrDefault(i => nameOrKeys is BsonString name ? i.Spec.Name == name.Value : BsonOrder.Instance.Same(i.Spec.KeyPattern, nameOrKeys))
        ?? throw new MongoError(27, "IndexNotFound", $"index not found with name [{nameOrKeys}]");

    public static bool IsNew(Collection collection, IndexSpec spec)
    {
        foreach (var index in collection.Indexes)
        {
            var sameKeys = BsonOrder.Instance.Same(index.Spec.KeyPattern, spec.KeyPattern);
            if (index.Spec.Name == spec.Name)
            {
                return index.Spec.SameAs(spec)
                    ? false
                    : throw new MongoError(86, "IndexKeySpecsConflict", $"An existing index has the same name as the requested index, but other keys or options: {spec.ToBson()}");
            }

            if (sameKeys && spec.IsId)
            {
                return false;
            }

            if (sameKeys)
            {
                throw new MongoError(85, "IndexOptionsConflict", $"Index already exists with a different name: {index.Spec.Name}");
            }
        }

        return true;
    }
}
