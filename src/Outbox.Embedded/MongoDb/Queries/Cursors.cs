using System.Security.Cryptography;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Transactions;

namespace Outbox.Embedded.MongoDb.Queries;

/// A result that a client fetches in batches.
internal sealed class Cursor(Namespace name, IEnumerable<byte[]> documents, ReadScope scope, Session? session) : IDisposable
{
    public const int MaxBatchBytes = Raw.MaxDocumentSize;
    private readonly IEnumerator<byte[]> _documents = documents.GetEnumerator();
    private byte[]? _held;

    public long Id { get; set; }

    public Namespace Name { get; } = name;

    public ReadScope Scope { get; } = scope;

    public Session? Session { get; } = session;

    public long LastUse { get; set; }

    public bool Exhausted { get; private set; }

    public SemaphoreSlim Busy { get; } = new(1, 1);

    /// Up to `count` documents and up to the size of a reply.
    public List<byte[]> NextBatch(long count)
    {
        var batch = new List<byte[]>();
        var bytes = 0L;
        while (batch.Count < count && !Exhausted)
        {
            if (_held is null && !_documents.MoveNext())
            {
                Exhausted = true;
                break;
            }

            var document = _held ?? _documents.Current;
            if (batch.Count > 0 && bytes + document.Length > MaxBatchBytes)
            {
                _held = document;
                break;
            }

            _held = null;
            bytes += document.Length;
            batch.Add(document);
        }

        return batch;
    }

    /// Finds out whether this was all, so that an empty last batch is not needed.
    public void LookAhead()
    {
        if (_held is null && !Exhausted)
        {
            Exhausted = !_documents.MoveNext();
            _held = Exhausted ? null : _documents.Current;
        }
    }

    public void Dispose() => _documents.Dispose();
}

/// All open cursors.
internal sealed class Cursors(TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private readonly Dictionary<long, Cursor> _cursors = [];

    public int Count
    {
        get
        {
            lock (_cursors)
            {
                return _cursors.Count;
            }
        }
    }

    public long Add(Cursor cursor)
    {
        lock (_cursors)
        {
            do
            {
                cursor.Id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
            }
            while (cursor.Id == 0 || !_cursors.TryAdd(cursor.Id, cursor));
            cursor.LastUse = time.GetTimestamp();
            return cursor.Id;
        }
    }

    public Cursor? Find(long id)
    {
        lock (_cursors)
        {
            var cursor = _cursors.GetValueOrDefault(id);
            cursor?.LastUse = time.GetTimestamp();
            return cursor;
        }
    }

    public bool Remove(long id)
    {
        lock (_cursors)
        {
            return _cursors.Remove(id);
        }
    }

    public void RemoveOf(Func<Cursor, bool> condition)
    {
        lock (_cursors)
        {
            foreach (var cursor in _cursors.Values.Where(condition).ToList())
            {
                _cursors.Remove(cursor.Id);
            }
        }
    }

    public void Expire() => RemoveOf(cursor => cursor.Session is null && time.GetElapsedTime(cursor.LastUse) > Timeout);
}
