using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary>Index intervals for comparisons: they never leave the bracket of the compared value's type.</summary>
internal static class TypeBrackets
{
    private static readonly Interval Nulls = new(BsonUndefined.Value, true, BsonNull.Value, true);

    public static IReadOnlyList<Interval>? For(Comparison comparison, BsonValue value) => value.BsonType switch
    {
        BsonType.Null => comparison is Comparison.Less or Comparison.Greater ? [] : [Nulls],
        BsonType.Array => comparison == Comparison.Equal ? EqualArray(value.AsBsonArray) : null,
        BsonType.MinKey or BsonType.MaxKey => comparison == Comparison.Equal ? [Interval.Point(value)] : null,
        _ when comparison == Comparison.Equal => [Interval.Point(value)],
        _ when Numbers.IsNaN(value) => comparison is Comparison.Less or Comparison.Greater ? [] : [Interval.Point(value)],
        _ => Range(comparison, value),
    };

    /// <summary>An array has its elements as keys, and none for itself; an empty one has the key undefined.</summary>
    private static Interval[] EqualArray(BsonArray array) =>
        [Interval.Point(array.Count == 0 ? BsonUndefined.Value : array[0]), Interval.Point(array)];

    private static IReadOnlyList<Interval>? Range(Comparison comparison, BsonValue value)
    {
        if (Bracket(value.BsonType) is not var (low, high))
        {
            return null;
        }

        return comparison switch
        {
            Comparison.Less => [new Interval(low, true, value, false)],
            Comparison.LessOrEqual => [new Interval(low, true, value, true)],
            Comparison.Greater => [new Interval(value, false, high, true)],
            _ => [new Interval(value, true, high, true)],
        };
    }

    private static (BsonValue Low, BsonValue High)? Bracket(BsonType type) => type switch
    {
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 =>
            (new BsonDouble(double.NegativeInfinity), new BsonDouble(double.PositiveInfinity)),
        BsonType.String or BsonType.Symbol => (BsonString.Empty, new BsonDocument()),
        BsonType.Document => (new BsonDocument(), new BsonArray()),
        BsonType.Binary => (new BsonBinaryData([]), new BsonObjectId(ObjectId.Empty)),
        BsonType.ObjectId => (new BsonObjectId(ObjectId.Empty), BsonBoolean.False),
        BsonType.Boolean => (BsonBoolean.False, BsonBoolean.True),
        BsonType.DateTime => (new BsonDateTime(long.MinValue), new BsonDateTime(long.MaxValue)),
        BsonType.Timestamp => (new BsonTimestamp(0), new BsonTimestamp(-1)),
        _ => null,
    };
}
