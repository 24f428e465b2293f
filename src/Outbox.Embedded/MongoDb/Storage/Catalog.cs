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

    /// What was dropped, or renamed from another name, during a hold of the majority.
    private readonly List<(ulong Timestamp, Collection Collection, Namespace? Before)> _goneWhileHeld = [];

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

    /// What an earlier run made for one command only, and did not come to drop.
    public void DropTemporary()
    {
        foreach (var collection in All().Where(collection => collection.Options.Contains(Collection.Temporary)))
        {
            Drop(collection);
        }
    }

    /// Gives a collection another name, in place of the one that has it.
    public ulong Rename(Collection collection, Namespace to)
    {
        lock (store.Gate)
        {
            to.Check();
            var timestamp = store.NextTimestamp();
            if (_collections.GetValueOrDefault(to) is { } replaced)
            {
                Discard(replaced, timestamp);
            }

            var from = collection.Name;
            if (store.MajorityHeld)
            {
                _goneWhileHeld.Add((timestamp, collection, from));
            }

            Move(collection, to, timestamp);
            Record(new Change(ChangeKind.Rename, from, null, null) { To = to }, timestamp);
            store.Advanced.Raise();
            return timestamp;
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
            Ensure(collection);
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
            Ensure(collection);
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
            Ensure(collection);
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
        collection.NeverWas = true;
        _collections.Remove(collection.Name);
    }

    public void Restore(Namespace name, BsonDocument options, BsonBinaryData uuid) =>
        _collections.Add(name, new Collection(name, options, store.NextTimestamp(), Variables) { Uuid = uuid });

    /// What was dropped during a hold cannot come back any more.
    public void ForgetHeld()
    {
        foreach (var (_, dropped, _) in _goneWhileHeld.Where(gone => gone.Before is null))
        {
            dropped.Clear();
        }

        _goneWhileHeld.Clear();
    }

    public void RollBack(ulong keep)
    {
        foreach (var (_, gone, before) in Enumerable.Reverse(_goneWhileHeld).Where(gone => gone.Timestamp > keep))
        {
            if (before is { } name)
            {
                Move(gone, name, keep);
            }
            else
            {
                gone.Dropped = false;
                _collections[gone.Name] = gone;
            }
        }

        _goneWhileHeld.Clear();
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

    /// Whoever found it may have waited since.
    private static void Ensure(Collection collection)
    {
        if (collection.Dropped)
        {
            throw MongoError.NamespaceNotFound($"ns does not exist: {collection.Name}");
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
        var timestamp = store.NextTimestamp();
        Discard(collection, timestamp);
        Record(new Change(ChangeKind.Drop, collection.Name, null, null), timestamp);
        store.Advanced.Raise();
        return timestamp;
    }

    private void Discard(Collection collection, ulong timestamp)
    {
        collection.Dropped = true;
        _collections.Remove(collection.Name);
        if (store.MajorityHeld)
        {
            _goneWhileHeld.Add((timestamp, collection, null));
        }
        else
        {
            collection.Clear();
        }
    }

    private void Move(Collection collection, Namespace to, ulong timestamp)
    {
        _collections.Remove(collection.Name);
        collection.Rename(to, timestamp);
        _collections[to] = collection;
    }

    private void Record(Change change, ulong timestamp)
    {
        store.Journal?.Commit(timestamp, [change], null);
        store.Oplog.Append(change with { Timestamp = timestamp, WallTime = store.Clock.Now });
    }
}
