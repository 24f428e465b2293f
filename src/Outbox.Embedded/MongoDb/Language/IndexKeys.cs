using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Language;

/// <summary>The keys under which an index lists a document: one for each element of an array on the way.</summary>
internal static class IndexKeys
{
    public static IReadOnlyList<BsonValue[]> Extract(BsonDocument doc, IReadOnlyList<(string Path, int Direction)> keys)
    {
        var cursors = new KeyCursor[keys.Count];
        for (var i = 0; i < cursors.Length; i++)
        {
            cursors[i] = new KeyCursor(new FieldPath(keys[i].Path), 0, doc);
        }

        return Extract(cursors);
    }

    internal static IReadOnlyList<BsonValue[]> Extract(BsonDocument doc, FieldPath[] paths) =>
        Extract(Array.ConvertAll(paths, path => new KeyCursor(path, 0, doc)));

    private static IReadOnlyList<BsonValue[]> Extract(KeyCursor[] cursors)
    {
        Advance(cursors);
        if (!Array.Exists(cursors, cursor => cursor.AtArray))
        {
            return [Array.ConvertAll(cursors, cursor => cursor.Value ?? BsonNull.Value)];
        }

        var found = new SortedSet<BsonValue[]>(TupleOrder.Instance);
        Expand(cursors, found);
        return [.. found];
    }

    private static void Advance(KeyCursor[] cursors)
    {
        for (var i = 0; i < cursors.Length; i++)
        {
            cursors[i] = cursors[i].Advanced();
        }
    }

    private static void Expand(KeyCursor[] cursors, SortedSet<BsonValue[]> found)
    {
        Advance(cursors);
        var first = Array.FindIndex(cursors, cursor => cursor.AtArray);
        if (first < 0)
        {
            found.Add(Array.ConvertAll(cursors, cursor => cursor.Value ?? BsonNull.Value));
            return;
        }

        var array = (BsonArray)cursors[first].Value!;
        if (Array.Find(cursors, cursor => cursor.AtArray && !ReferenceEquals(cursor.Value, array)) is { } other)
        {
            throw new MongoError(171, "CannotIndexParallelArrays", $"cannot index parallel arrays [{other.Name}] [{cursors[first].Name}]");
        }

        if (array.Count == 0)
        {
            Expand(Array.ConvertAll(cursors, cursor => cursor.AtArray ? cursor.IntoEmpty() : cursor), found);
        }

        foreach (var element in array)
        {
            Expand(Array.ConvertAll(cursors, cursor => cursor.AtArray ? cursor.Into(element) : cursor), found);
        }
    }
}
