using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// A document that a scan came upon, decoded when someone looks inside.
internal sealed class Candidate(Record record, RecordVersion version, byte[]? uncheckedKey)
{
    private BsonDocument? _document;

    public Record Record { get; } = record;

    public RecordVersion Version { get; } = version;

    public byte[] Data => Version.Data!;

    public BsonDocument Document => _document ??= Raw.Decode(Data);

    /// The document with these fields at least.
    public BsonDocument With(IReadOnlySet<string> fields) => _document ?? Raw.Decode(Data, fields);

    /// The entry may belong to another version of the record than the one that is visible.
    public byte[]? UncheckedKey { get; } = uncheckedKey;
}

/// Walks a plan in short steps under the lock. Between the steps others write, as between MongoDB's yields. A step begins behind the last document that was visible: what was invisible then
/// may have been committed meanwhile, together with what lies behind it.
internal sealed class Scan(Store store, Collection collection, Plan plan, ReadScope scope)
{
    private const int FirstStep = 16;
    private const int LaterStep = 256;

    private int _range = plan.Backward ? plan.Ranges.Count - 1 : 0;
    private IndexEntry? _lastEntry;
    private Record? _lastRecord;

    public IEnumerable<Candidate> Run(ReadSource source)
    {
        HashSet<long>? seen = null;
        var step = new List<Candidate>(FirstStep);
        for (var size = FirstStep; ; size = LaterStep)
        {
            scope.Budget.Check();
            step.Clear();
            var more = Step(source, step, size);
            foreach (var candidate in step)
            {
                scope.KeysExamined += plan.Index is null ? 0 : 1;
                if (candidate.UncheckedKey is { } key && !plan.Index!.Covers(candidate.Document, key))
                {
                    continue;
                }

                if (plan.Index is not { Multikey: true } || (seen ??= []).Add(candidate.Record.Id))
                {
                    scope.DocumentsExamined++;
                    yield return candidate;
                }
            }

            if (!more)
            {
                yield break;
            }
        }
    }

    private bool Step(ReadSource source, List<Candidate> into, int size)
    {
        lock (store.Gate)
        {
            scope.Transaction?.EnsureActive();
            source.Ensure();
            var point = scope.Point(store);
            return plan.Index is null ? StepRecords(into, size, point) : StepEntries(plan.Index, into, size, point);
        }
    }

    private bool StepRecords(List<Candidate> into, int size, ulong point)
    {
        var records = collection.Records;
        var at = (_lastRecord, plan.Backward) switch
        {
            (null, false) => records.First,
            (null, true) => records.Last,
            ({ } last, true) => records.LastBelow(last),
            ({ } last, false) => records.FirstAtLeast(last),
        };
        for (var looked = 0; looked < size || into.Count == 0; looked++)
        {
            if (!records.TryGet(at, out var record))
            {
                return false;
            }

            if (record != _lastRecord && Take(record, null, point, into))
            {
                _lastRecord = record;
            }

            at = plan.Backward ? records.Previous(at) : records.Next(at);
        }

        return true;
    }

    private bool StepEntries(CollectionIndex index, List<Candidate> into, int size, ulong point)
    {
        var entries = index.Entries;
        var looked = 0;
        for (; _range >= 0 && _range < plan.Ranges.Count; _range += plan.Backward ? -1 : 1, _lastEntry = null)
        {
            var range = plan.Ranges[_range];
            var at = plan.Backward
                ? entries.LastBelow(_lastEntry ?? new IndexEntry(range.End, null))
                : entries.FirstAtLeast(_lastEntry ?? new IndexEntry(range.Start, null));
            while (entries.TryGet(at, out var entry) && Within(entry, range))
            {
                if (looked++ >= size && into.Count > 0)
                {
                    return true;
                }

                if (entry != _lastEntry && Take(entry.Record!, entry.Key, point, into))
                {
                    _lastEntry = entry;
                }

                at = plan.Backward ? entries.Previous(at) : entries.Next(at);
            }
        }

        return false;
    }

    private bool Within(IndexEntry entry, KeyRange range) =>
        plan.Backward ? entry.Key.AsSpan().SequenceCompareTo(range.Start) >= 0 : entry.Key.AsSpan().SequenceCompareTo(range.End) < 0;

    /// <returns>Whether it is visible there.</returns>
    private bool Take(Record record, byte[]? key, ulong point, List<Candidate> into)
    {
        // An entry of a version that somebody has yet to commit is not where the visible one stands.
        if (record.Visible(point, scope.Transaction) is not { Data: not null } version
            || (key is not null && version != record.Head && !plan.Index!.Covers(Raw.Decode(version.Data), key)))
        {
            return false;
        }

        into.Add(new Candidate(record, version, record.Head.Older is null ? null : key));
        return true;
    }
}
