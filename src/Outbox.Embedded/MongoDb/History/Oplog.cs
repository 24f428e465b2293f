namespace Outbox.Embedded.MongoDb.History;

/// The last changes, oldest first, within a bound of entries and bytes. Touched under the store's lock only.
internal sealed class Oplog(int maxEntries, long maxBytes)
{
    private readonly List<Change> _changes = [];
    private int _head;
    private long _bytes;

    /// Every change after this point is still here.
    public Position CompleteAfter { get; private set; }

    public int Count => _changes.Count - _head;

    public void Begin(ulong timestamp) => CompleteAfter = Position.EndOf(timestamp);

    public void Append(Change change)
    {
        _changes.Add(change);
        _bytes += Size(change);
        while (Count > maxEntries || (_bytes > maxBytes && Count > 1))
        {
            CompleteAfter = _changes[_head].Position;
            _bytes -= Size(_changes[_head]);
            _changes[_head++] = null!;
        }

        if (_head > 1024 && _head > _changes.Count / 2)
        {
            _changes.RemoveRange(0, _head);
            _head = 0;
        }
    }

    /// Up to `max` changes after the given point and not after `last`.
    public void Read(Position after, ulong last, int max, List<Change> into)
    {
        for (var i = FirstAfter(after); i < _changes.Count && into.Count < max && _changes[i].Timestamp <= last; i++)
        {
            into.Add(_changes[i]);
        }
    }

    public void TruncateAfter(ulong timestamp)
    {
        while (Count > 0 && _changes[^1].Timestamp > timestamp)
        {
            _bytes -= Size(_changes[^1]);
            _changes.RemoveAt(_changes.Count - 1);
        }
    }

    private static long Size(Change change) => 128 + (change.Before?.Length ?? 0) + (change.After?.Length ?? 0);

    private int FirstAfter(Position after)
    {
        int low = _head, high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_changes[middle].Position.CompareTo(after) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
