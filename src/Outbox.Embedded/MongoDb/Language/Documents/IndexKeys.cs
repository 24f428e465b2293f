using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>The keys under which an index lists a document: one for each element of an array on the way.</summary>
internal static class IndexKeys
{
    public static IReadOnlyList<BsonValue[]> Extract(BsonDocument doc, IReadOnlyList<(string Path, int Direction)> keys)
    {
        var paths = new FieldPath[keys.Count];
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = new FieldPath(keys[i].Path);
        }

        return Extract(doc, paths);
    }

    /// <summary>For those who keep the paths.</summary>
    internal static IReadOnlyList<BsonValue[]> Extract(BsonDocument doc, FieldPath[] paths, bool keepsNested = false)
    {
        if (Single(doc, paths) is { } single)
        {
            return [single];
        }

        var found = new SortedSet<BsonValue[]>(TupleOrder.Instance);
        Expand(Array.ConvertAll(paths, path => new KeyCursor(path, 0, doc) { KeepsNested = keepsNested }), found);
        return [.. found];
    }

    /// <summary>The one key of a document without arrays on its paths; nothing when there is an array.</summary>
    private static BsonValue[]? Single(BsonDocument doc, FieldPath[] paths)
    {
        var key = new BsonValue[paths.Length];
        for (var i = 0; i < key.Length; i++)
        {
            BsonValue? value = doc;
            foreach (var part in paths[i].Parts)
            {
                value = (value as BsonDocument)?.Find(part);
                if (value is BsonArray)
                {
                    return null;
                }
            }

            key[i] = value ?? BsonNull.Value;
        }

        return key;
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
        if (Array.Find(cursors, cursor => cursor.AtArray && !cursor.SharesArrayWith(cursors[first])) is { } other)
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
