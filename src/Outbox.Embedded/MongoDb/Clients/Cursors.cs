using System.Security.Cryptography;

namespace Outbox.Embedded.MongoDb.Clients;

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

    /// What was dropped is no longer held by those who were reading it.
    public void ReleaseGone()
    {
        lock (_cursors)
        {
            foreach (var cursor in _cursors.Values.Where(cursor => cursor.Scope.SourceGone))
            {
                cursor.Release();
            }
        }
    }

    /// A cursor ends with its session; one without a session when nobody has asked for long.
    public void Expire()
    {
        RemoveOf(cursor => cursor.Session?.Ended ?? time.GetElapsedTime(cursor.LastUse) > Timeout);
        ReleaseGone();
    }
}
