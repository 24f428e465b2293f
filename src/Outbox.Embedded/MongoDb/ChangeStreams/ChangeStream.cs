using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.ChangeStreams;

/// Reads the majority-committed changes of a collection, a database or all of them, from one place onwards.
internal sealed class ChangeStream(Store store, ChangeStreamOptions options, Namespace? watched, Pipeline? pipeline)
{
    private const int Step = 256;

    /// What goes on inside the server is nobody's change.
    private static readonly HashSet<string> Internal = ["admin", "config", "local"];

    private Position _position = options.Start;

    /// The change that ends the stream; the event that says so comes after its own.
    private Change? _last;

    /// The stream has come to its end: what it watched is gone.
    public bool Ended { get; private set; }

    /// Resuming here misses nothing and repeats nothing.
    public BsonDocument ResumeToken => new ResumeToken(_position, Ended).ToBson();

    /// The events there are now, up to `count`; none when there are none.
    public List<byte[]> Next(long count, Budget budget)
    {
        var batch = new List<byte[]>();
        var bytes = 0L;
        while (batch.Count < count && bytes < Raw.MaxDocumentSize && !Ended)
        {
            budget.Check();
            if (_last is not null)
            {
                Add(ChangeEvents.Invalidate(_last), batch);
                Ended = true;
                break;
            }

            var changes = Read((int)Math.Min(Step, count - batch.Count), out var last);
            foreach (var change in changes)
            {
                bytes += Take(change, batch, budget);
                if (_last is not null || bytes >= Raw.MaxDocumentSize)
                {
                    break;
                }
            }

            if (changes.Count == 0)
            {
                _position = new Position(Math.Max(last, _position.Timestamp), int.MaxValue);
                break;
            }
        }

        return batch;
    }

    private List<Change> Read(int max, out ulong last)
    {
        var changes = new List<Change>();
        lock (store.Gate)
        {
            if (_position.CompareTo(store.Oplog.CompleteAfter) < 0)
            {
                throw new MongoError(286, "ChangeStreamHistoryLost", "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
            }

            last = store.Majority;
            store.Oplog.Read(_position, last, max, changes);
        }

        return changes;
    }

    private long Take(Change change, List<byte[]> batch, Budget budget)
    {
        _position = change.Position;
        if (!Concerns(change))
        {
            return 0;
        }

        var bytes = Add(ChangeEvents.Of(change, options.UpdateLookup ? (update, id) => Current(update, id, budget) : null), batch);
        var gone = watched is { } name && (name.Collection.Length > 0
            ? change.Kind is ChangeKind.Drop or ChangeKind.Rename
            : change.Kind == ChangeKind.DropDatabase);
        _last = gone ? change : null;
        return bytes;
    }

    private bool Concerns(Change change) => watched switch
    {
        null => !Internal.Contains(change.Namespace.Database),
        { Collection.Length: > 0 } collection => change.Namespace == collection || change.To == collection,
        { } database => change.Namespace.Database == database.Database,
    };

    private long Add(BsonDocument change, List<byte[]> batch)
    {
        var bytes = 0L;
        foreach (var shown in pipeline?.Run([change]) ?? [change])
        {
            if (!shown.TryGetValue("_id", out var id) || id != change["_id"])
            {
                throw new MongoError(280, "ChangeStreamFatalError", "Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Only transformations that retain the unmodified _id field are allowed.");
            }

            var data = Raw.Encode(shown);
            batch.Add(data);
            bytes += data.Length;
        }

        return bytes;
    }

    private BsonValue Current(Change change, BsonValue id, Budget budget)
    {
        var query = Query.Parse(new BsonDocument("_id", new BsonDocument("$eq", id)), store.Catalog.Variables);
        var found = query.Run(store, store.Catalog.Find(change.Namespace), new ReadScope(null, true, budget)).FirstOrDefault();
        return found is null ? BsonNull.Value : found.Document;
    }
}
