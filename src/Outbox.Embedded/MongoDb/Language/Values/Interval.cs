using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>A range of values in <see cref="BsonOrder"/>; a bound of null is open.</summary>
internal sealed record Interval(BsonValue? Low, bool LowInclusive, BsonValue? High, bool HighInclusive)
{
    public static Interval Point(BsonValue value) => new(value, true, value, true);

    public bool Contains(BsonValue value) => AboveLow(value) && BelowHigh(value);

    /// <summary>The values in both, or null when there are none.</summary>
    public Interval? Intersect(Interval other)
    {
        var (low, lowInclusive) = Tighter(Low, LowInclusive, other.Low, other.LowInclusive, 1);
        var (high, highInclusive) = Tighter(High, HighInclusive, other.High, other.HighInclusive, -1);
        var difference = low is null || high is null ? -1 : BsonOrder.Instance.Compare(low, high);
        return difference < 0 || (difference == 0 && lowInclusive && highInclusive) ? new Interval(low, lowInclusive, high, highInclusive) : null;
    }

    private static (BsonValue? Bound, bool Inclusive) Tighter(BsonValue? a, bool aInclusive, BsonValue? b, bool bInclusive, int sign)
    {
        if (a is null || b is null)
        {
            return a is null ? (b, bInclusive) : (a, aInclusive);
        }

        var difference = BsonOrder.Instance.Compare(a, b) * sign;
        return difference == 0 ? (a, aInclusive && bInclusive) : difference > 0 ? (a, aInclusive) : (b, bInclusive);
    }

    private bool AboveLow(BsonValue value) => Low is null || BsonOrder.Instance.Compare(value, Low) is var d && (d > 0 || (d == 0 && LowInclusive));

    private bool BelowHigh(BsonValue value) => High is null || BsonOrder.Instance.Compare(value, High) is var d && (d < 0 || (d == 0 && HighInclusive));
}
