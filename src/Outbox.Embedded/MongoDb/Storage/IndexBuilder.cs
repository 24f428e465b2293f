using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Storage;

/// Fills a new index. Under the store's lock.
internal static class IndexBuilder
{
    public static void Fill(Collection collection, CollectionIndex index)
    {
        var records = collection.Records;
        for (var at = records.First; records.TryGet(at, out var record); at = records.Next(at))
        {
            for (var version = record.Head; version is not null; version = version.Older!)
            {
                if (version.Data is not null)
                {
                    Add(collection, index, record, version);
                }
            }
        }
    }

    private static void Add(Collection collection, CollectionIndex index, Record record, RecordVersion version)
    {
        var document = Raw.Decode(version.Data!);
        var keys = index.KeysOf(document);
        foreach (var key in keys)
        {
            if (index.Spec.Unique && version == record.Head && Taken(index, key, record))
            {
                throw UniqueKeys.Duplicate(collection, index, document, key);
            }

            index.Entries.Add(new IndexEntry(key, record));
        }

        if (keys.Length > 1 || index.MakesMultikey(document))
        {
            index.MarkMultikey();
        }
    }

    private static bool Taken(CollectionIndex index, byte[] key, Record self)
    {
        var entries = index.Entries;
        for (var at = entries.FirstAtLeast(new IndexEntry(key, null)); entries.TryGet(at, out var found) && found.Key.AsSpan().SequenceEqual(key); at = entries.Next(at))
        {
            if (found.Record != self && found.Record!.Head.Data is { } data && index.Covers(Raw.Decode(data), key))
            {
                return true;
            }
        }

        return false;
    }
}
