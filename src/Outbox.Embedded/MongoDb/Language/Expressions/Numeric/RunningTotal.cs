using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

/// <summary>A sum of mixed numbers: whole ones stay exact, fractions carry their rounding error along. What is no number is ignored.</summary>
internal sealed class RunningTotal
{
    private BsonType _type = BsonType.Int32;
    private Int128 _whole;
    private double _sum, _lost;
    private Decimal128 _decimal = new(0);
    private long _count;

    public void Add(BsonValue? value)
    {
        if (!Numbers.IsNumber(value))
        {
            return;
        }

        _count++;
        _type = Rank(value!.BsonType) > Rank(_type) ? value.BsonType : _type;
        switch (value)
        {
            case BsonDouble d:
                AddDouble(d.Value);
                break;
            case BsonDecimal128 d:
                _decimal = Decimals.Add(_decimal, d.Value);
                break;
            default:
                _whole += Numbers.ToLong(value);
                break;
        }
    }

    public BsonValue Sum() => _type switch
    {
        BsonType.Decimal128 => new BsonDecimal128(AsDecimal()),
        BsonType.Double => new BsonDouble(AsDouble()),
        _ => Numbers.Integer(_type, _whole) ?? new BsonDouble((double)_whole),
    };

    public BsonValue Average() => _count == 0 ? BsonNull.Value
        : _type == BsonType.Decimal128 ? new BsonDecimal128(Decimals.Divide(AsDecimal(), new Decimal128(_count)))
        : new BsonDouble(AsDouble() / _count);

    private static int Rank(BsonType type) => type switch { BsonType.Int32 => 0, BsonType.Int64 => 1, BsonType.Double => 2, _ => 3 };

    private void AddDouble(double value)
    {
        var sum = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
    }

    private double AsDouble() => double.IsFinite(_sum) ? _sum + (_lost + (double)_whole) : _sum;

    private Decimal128 AsDecimal()
    {
        var binary = AsDouble();
        return binary == 0 ? _decimal : Decimals.Add(_decimal, Decimals.FromDouble(binary));
    }
}
