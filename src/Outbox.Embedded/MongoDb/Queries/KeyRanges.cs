using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// The ranges of an index that the filter's bounds leave: equal values first, then at most one key with ranges.
internal sealed class KeyRanges
{
    private const int MaxRanges = 20_000;

    private List<byte[]> _prefixes = [[]];

    private KeyRanges()
    {
    }

    public IReadOnlyList<KeyRange> Ranges { get; private set; } = [];

    /// How many leading keys are bound to given values, and how many of them to one value each.
    public int Points { get; private set; }

    public int SinglePoints { get; private set; }

    public bool HasRange { get; private set; }

    public static KeyRanges Build(CollectionIndex index, IReadOnlyDictionary<string, IReadOnlyList<Interval>> bounds)
    {
        var result = new KeyRanges();
        List<KeyRange>? ranges = null;
        foreach (var (path, direction) in index.Spec.Keys)
        {
            // In an array each condition may be met by another element, so bounds of two keys do not meet in one entry.
            if (!bounds.TryGetValue(path, out var intervals) || (index.Multikey && result.Points > 0))
            {
                break;
            }

            if (intervals.All(IsPoint) && result._prefixes.Count * (long)intervals.Count <= MaxRanges)
            {
                result.AddPoints(intervals, direction);
                continue;
            }

            result.HasRange = true;
            ranges = [.. result._prefixes.SelectMany(prefix => intervals.Select(interval => Range(prefix, interval, direction)))];
            break;
        }

        result.Ranges = Ordered(ranges ?? [.. result._prefixes.Select(prefix => new KeyRange(prefix, KeyEncoder.After(prefix)))]);
        return result;
    }

    public static bool ExcludesNull(Interval interval) =>
        (interval.Low is not null && BsonOrder.Instance.Compare(interval.Low, BsonNull.Value) is var low && (low > 0 || (low == 0 && !interval.LowInclusive)))
        || (interval.High is not null && BsonOrder.Instance.Compare(interval.High, BsonNull.Value) is var high && (high < 0 || (high == 0 && !interval.HighInclusive)));

    private static bool IsPoint(Interval interval) =>
        interval is { Low: not null, High: not null, LowInclusive: true, HighInclusive: true } && BsonOrder.Instance.Compare(interval.Low, interval.High) == 0;

    private static KeyRange Range(byte[] prefix, Interval interval, int direction)
    {
        var (first, firstIn, last, lastIn) = direction >= 0
            ? (interval.Low, interval.LowInclusive, interval.High, interval.HighInclusive)
            : (interval.High, interval.HighInclusive, interval.Low, interval.LowInclusive);
        var start = first is null ? prefix : KeyEncoder.Append(prefix, first, direction);
        var end = last is null ? KeyEncoder.After(prefix) : KeyEncoder.Append(prefix, last, direction);
        return new KeyRange(first is null || firstIn ? start : KeyEncoder.After(start), last is null || !lastIn ? end : KeyEncoder.After(end));
    }

    private static List<KeyRange> Ordered(List<KeyRange> ranges)
    {
        ranges.RemoveAll(r => r.Start.AsSpan().SequenceCompareTo(r.End) >= 0);
        ranges.Sort((x, y) => x.Start.AsSpan().SequenceCompareTo(y.Start));
        var merged = new List<KeyRange>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && merged[^1].End.AsSpan().SequenceCompareTo(range.Start) >= 0)
            {
                var end = merged[^1].End.AsSpan().SequenceCompareTo(range.End) >= 0 ? merged[^1].End : range.End;
                merged[^1] = new KeyRange(merged[^1].Start, end);
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    private void AddPoints(IReadOnlyList<Interval> intervals, int direction)
    {
        SinglePoints += intervals.Count == 1 && SinglePoints == Points ? 1 : 0;
        Points++;
        _prefixes = [.. _prefixes.SelectMany(prefix => intervals.Select(interval => KeyEncoder.Append(prefix, interval.Low!, direction)))];
    }
}
