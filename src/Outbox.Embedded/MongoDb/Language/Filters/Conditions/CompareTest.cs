using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary><c>$eq</c>, <c>$lt</c>, <c>$lte</c>, <c>$gt</c>, <c>$gte</c>: only values of one type's bracket compare.</summary>
internal sealed class CompareTest(Comparison comparison, BsonValue value) : ValueTest
{
    private readonly int _rank = BsonOrder.Rank(value);
    private readonly bool _nan = Numbers.IsNaN(value);

    public Comparison Operator { get; } = comparison;

    public BsonValue Value { get; } = value;

    public override IReadOnlyList<Interval>? Bounds => TypeBrackets.For(Operator, Value);

    public override bool Matches(BsonValue? value, Match match)
    {
        var rank = BsonOrder.Rank(value);
        if (rank != _rank)
        {
            return AcrossTypes(rank);
        }

        if (value is not null && (_nan || Numbers.IsNaN(value)))
        {
            return _nan && Numbers.IsNaN(value) && IncludesEqual;
        }

        return Holds(value is null ? 0 : BsonOrder.Instance.Compare(value, Value));
    }

    private bool IncludesEqual => Operator is Comparison.Equal or Comparison.LessOrEqual or Comparison.GreaterOrEqual;

    private bool Holds(int order) => Operator switch
    {
        Comparison.Equal => order == 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    /// <summary>Null equals a missing value; every value lies between MinKey and MaxKey.</summary>
    private bool AcrossTypes(int rank) => Value.BsonType switch
    {
        BsonType.Null => rank == 1 && IncludesEqual,
        BsonType.MaxKey => Operator is Comparison.Less or Comparison.LessOrEqual,
        BsonType.MinKey => Operator is Comparison.Greater or Comparison.GreaterOrEqual,
        _ => false,
    };
}
