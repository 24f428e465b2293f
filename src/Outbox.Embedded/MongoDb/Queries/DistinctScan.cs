using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// Skips along an index from one value of its first key to the next, so that it costs as many steps as there are values.
internal static class DistinctScan
{
    /// An index that has every document once, by the path.
    public static CollectionIndex? Along(Collection collection, string path) => collection.Indexes.FirstOrDefault(index =>
        index is { Multikey: false, Spec: { Hidden: false, Sparse: false, PartialFilter: null } } && index.Spec.Keys[0].Path == path);

    /// One document of each value.
    public static IEnumerable<Candidate> Run(Store store, Collection collection, CollectionIndex index, ReadScope scope)
    {
        scope.Transaction?.EnsureSees(collection);
        var source = new ReadSource(collection, index);
        scope.From(source);
        var path = new FieldPath(index.Spec.Keys[0].Path);
        for (var from = KeyRange.All.Start; Next(from) is { } candidate; from = KeyEncoder.After(KeyEncoder.Append([], ValueOf(candidate.Document, path), index.Spec.Keys[0].Direction)))
        {
            yield return candidate;
        }

        Candidate? Next(byte[] start) => new Scan(store, collection, new Plan(index, [KeyRange.All with { Start = start }], Backward: false, Sorted: false), scope).Run(source).FirstOrDefault();
    }

    private static BsonValue ValueOf(BsonDocument document, FieldPath path) => IndexKeys.Extract(document, [path])[0][0];
}
