using System.Collections.Immutable;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Storage;

/// Which collections and indexes there are.
internal sealed class Catalog(Store store)
{
    private readonly Dictionary<Namespace, Collection> _collections = [];
    private readonly List<(ulong Timestamp, Collection Collection)> _droppedWhileHeld = [];

    public Variables Variables => new(store.Clock.Now);

    public Collection? Find(Namespace name)
    {
        lock (store.Gate)
        {
            return _collections.GetValueOrDefault(name);
        }
    }

    public IReadOnlyList<Collection> All(string? database = null)
    {
        lock (store.Gate)
        {
            return [.. _collections.Values.Where(c => database is null || c.Name.Database == database).OrderBy(c => c.Name.ToString(), StringComparer.Ordinal)];
        }
    }

    public Collection FindOrCreate(Namespace name, Transaction? transaction)
    {
        lock (store.Gate)
        {
            if (_collections.TryGetValue(name, out var found))
            {
                return found;
            }

            var created = Add(name, []);
            transaction?.Created.Add(created);
            return created;
        }
    }

    public bool TryCreate(Namespace name, BsonDocument options, out Collection collection)
    {
        lock (store.Gate)
        {
            var created = !_collections.TryGetValue(name, out var found);
            collection = found ?? Add(name, options);
            return created;
        }
    }

    public ulong? Drop(Collection collection)
    {
        lock (store.Gate)
        {
            return _collections.GetValueOrDefault(collection.Name) == collection ? Remove(collection) : null;
        }
    }

    public ulong DropDatabase(string database)
    {
        lock (store.Gate)
        {
            foreach (var collection in _collections.Values.Where(c => c.Name.Database == database).ToList())
            {
                Remove(collection);
            }

            var timestamp = store.NextTimestamp();
            Record(new Change(ChangeKind.DropDatabase, new Namespace(database, ""), null, null), timestamp);
            return timestamp;
        }
    }

    /// Adds an index and fills it from every version that someone may still read.
    public void AddIndex(Collection collection, IndexSpec spec)
    {
        lock (store.Gate)
        {
            var index = new CollectionIndex(spec, Variables, store.NextTimestamp());
            IndexBuilder.Fill(collection, index);
            collection.Indexes = collection.Indexes.Add(index);
            collection.ChangedAt = index.CreatedAt;
            store.Journal?.IndexAdded(index.CreatedAt, collection.Name, spec);
        }
    }

    public void RemoveIndexes(Collection collection, IReadOnlyCollection<CollectionIndex> indexes)
    {
        lock (store.Gate)
        {
            var timestamp = store.NextTimestamp();
            collection.Indexes = [.. collection.Indexes.Where(i => !indexes.Contains(i))];
            collection.ChangedAt = timestamp;
            foreach (var index in indexes)
            {
                store.Journal?.IndexRemoved(timestamp, collection.Name, index.Spec.Name);
            }
        }
    }

    public void ChangeIndex(Collection collection, CollectionIndex index, IndexSpec spec)
    {
        lock (store.Gate)
        {
            index.Spec = spec;
            store.Journal?.IndexChanged(store.NextTimestamp(), collection.Name, spec);
        }
    }

    /// A collection that only an aborted transaction needed.
    public void ForgetCreatedBy(Transaction transaction)
    {
        foreach (var collection in transaction.Created.Where(c => c.Records.Count == 0 && !c.Dropped && c.Indexes.Length == 1))
        {
            Forget(collection);
            store.Journal?.Forgotten(store.NextTimestamp(), collection.Name);
        }
    }

    public void Forget(Collection collection)
    {
        collection.Dropped = true;
        _collections.Remove(collection.Name);
    }

    public void Restore(Namespace name, BsonDocument options, BsonBinaryData uuid) =>
        _collections.Add(name, new Collection(name, options, store.NextTimestamp(), Variables) { Uuid = uuid });

    /// What was dropped during a hold cannot come back any more.
    public void ForgetHeld()
    {
        foreach (var (_, dropped) in _droppedWhileHeld)
        {
            dropped.Clear();
        }

        _droppedWhileHeld.Clear();
    }

    public void RollBack(ulong keep)
    {
        foreach (var (_, dropped) in _droppedWhileHeld.Where(d => d.Timestamp > keep))
        {
            dropped.Dropped = false;
            _collections[dropped.Name] = dropped;
        }

        _droppedWhileHeld.Clear();
        foreach (var collection in _collections.Values.ToList())
        {
            collection.Indexes = [.. collection.Indexes.Where(i => i.CreatedAt <= keep || i.Spec.IsId)];
            if (collection.CreatedAt > keep)
            {
                collection.Dropped = true;
                _collections.Remove(collection.Name);
            }
        }
    }

    private static bool IsOtherCase(string one, string other) => one != other && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private Collection Add(Namespace name, BsonDocument options)
    {
        name.Check();
        if (_collections.Keys.FirstOrDefault(other => IsOtherCase(other.Database, name.Database)) is { Database: { } there })
        {
            throw new MongoError(13297, "DatabaseDifferCase", $"db already exists with different case already have: [{there}] trying to create [{name.Database}]");
        }

        var collection = new Collection(name, options, store.NextTimestamp(), Variables);
        _collections.Add(name, collection);
        store.Journal?.Created(collection);
        return collection;
    }

    private ulong Remove(Collection collection)
    {
        collection.Dropped = true;
        _collections.Remove(collection.Name);
        var timestamp = store.NextTimestamp();
        if (store.MajorityHeld)
        {
            _droppedWhileHeld.Add((timestamp, collection));
        }
        else
        {
            collection.Clear();
        }

        Record(new Change(ChangeKind.Drop, collection.Name, null, null), timestamp);
        store.Advanced.Raise();
        return timestamp;
    }

    private void Record(Change change, ulong timestamp)
    {
        store.Journal?.Commit(timestamp, [change], null);
        store.Oplog.Append(change with { Timestamp = timestamp, WallTime = store.Clock.Now });
    }
}
