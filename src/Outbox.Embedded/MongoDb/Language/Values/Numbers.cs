using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>Numbers of the four BSON types together: the result has the wider type of the two, as in MongoDB.</summary>
internal static class Numbers
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static bool IsNumber(BsonValue? value) =>
        value is not null && value.BsonType is BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128;

    public static bool IsNaN(BsonValue value) => value switch
    {
        BsonDouble d => double.IsNaN(d.Value),
        BsonDecimal128 d => Decimal128.IsNaN(d.Value),
        _ => false,
    };

    public static int Compare(BsonValue x, BsonValue y)
    {
        if (IsInteger(x) && IsInteger(y))
        {
            return ToLong(x).CompareTo(ToLong(y));
        }

        if (IsNaN(x) || IsNaN(y))
        {
            return IsNaN(y).CompareTo(IsNaN(x));
        }

        if (x is BsonDecimal128 || y is BsonDecimal128)
        {
            return Decimals.CompareExact(x, y);
        }

        return (x, y) switch
        {
            (BsonDouble a, BsonDouble b) => a.Value < b.Value ? -1 : a.Value > b.Value ? 1 : 0,
            (BsonDouble a, _) => -CompareLong(ToLong(y), a.Value),
            _ => CompareLong(ToLong(x), y.AsDouble),
        };
    }

    /// <summary>The sum, or nothing when two integers leave 64 bits.</summary>
    public static BsonValue? Add(BsonValue x, BsonValue y) => Wider(x, y) switch
    {
        BsonType.Decimal128 => new BsonDecimal128(Decimals.Add(ToDecimal(x), ToDecimal(y))),
        BsonType.Double => new BsonDouble(ToDouble(x) + ToDouble(y)),
        var type => Integer(type, (Int128)ToLong(x) + ToLong(y)),
    };

    /// <summary>The difference, or nothing when two integers leave 64 bits.</summary>
    public static BsonValue? Subtract(BsonValue x, BsonValue y) => Wider(x, y) switch
    {
        BsonType.Decimal128 => new BsonDecimal128(Decimals.Subtract(ToDecimal(x), ToDecimal(y))),
        BsonType.Double => new BsonDouble(ToDouble(x) - ToDouble(y)),
        var type => Integer(type, (Int128)ToLong(x) - ToLong(y)),
    };

    /// <summary>The product, or nothing when two integers leave 64 bits.</summary>
    public static BsonValue? Multiply(BsonValue x, BsonValue y) => Wider(x, y) switch
    {
        BsonType.Decimal128 => new BsonDecimal128(Decimals.Multiply(ToDecimal(x), ToDecimal(y))),
        BsonType.Double => new BsonDouble(ToDouble(x) * ToDouble(y)),
        var type => Integer(type, (Int128)ToLong(x) * ToLong(y)),
    };

    public static bool IsInteger(BsonValue value) => value.BsonType is BsonType.Int32 or BsonType.Int64;

    public static long ToLong(BsonValue value) => value is BsonInt32 i ? i.Value : ((BsonInt64)value).Value;

    public static double ToDouble(BsonValue value) => value switch
    {
        BsonInt32 i => i.Value,
        BsonInt64 l => l.Value,
        BsonDouble d => d.Value,
        _ => Decimals.ToDouble(((BsonDecimal128)value).Value),
    };

    public static Decimal128 ToDecimal(BsonValue value) => value switch
    {
        BsonInt32 i => new Decimal128(i.Value),
        BsonInt64 l => new Decimal128(l.Value),
        BsonDouble d => Decimals.FromDouble(d.Value),
        _ => ((BsonDecimal128)value).Value,
    };

    /// <summary>The value as a whole number, if it is one that fits 64 bits.</summary>
    public static bool TryWhole(BsonValue? value, out long whole)
    {
        whole = 0;
        if (!IsNumber(value))
        {
            return false;
        }

        if (IsInteger(value!))
        {
            whole = ToLong(value!);
            return true;
        }

        return TryTruncate(value!, out whole) && Compare(value!, new BsonInt64(whole)) == 0;
    }

    /// <summary>The value without its fraction, if it is finite and fits 64 bits.</summary>
    public static bool TryTruncate(BsonValue value, out long whole)
    {
        whole = 0;
        if (IsInteger(value))
        {
            whole = ToLong(value);
            return true;
        }

        if (value is BsonDecimal128 m)
        {
            return Decimals.TryTruncate(m.Value, out whole);
        }

        var number = Math.Truncate(value.AsDouble);
        if (!(number >= -TwoTo63 && number < TwoTo63))
        {
            return false;
        }

        whole = (long)number;
        return true;
    }

    /// <summary>Equal for numbers that compare as equal.</summary>
    public static double HashKey(BsonValue value)
    {
        var number = ToDouble(value);
        return number == 0 ? 0 : number;
    }

    public static BsonType Wider(BsonValue x, BsonValue y)
    {
        BsonType a = x.BsonType, b = y.BsonType;
        return a == BsonType.Decimal128 || b == BsonType.Decimal128 ? BsonType.Decimal128
            : a == BsonType.Double || b == BsonType.Double ? BsonType.Double
            : a == BsonType.Int64 || b == BsonType.Int64 ? BsonType.Int64
            : BsonType.Int32;
    }

    public static BsonValue? Integer(BsonType type, Int128 value)
    {
        if (type == BsonType.Int32 && value >= int.MinValue && value <= int.MaxValue)
        {
            return new BsonInt32((int)value);
        }

        return value >= long.MinValue && value <= long.MaxValue ? new BsonInt64((long)value) : null;
    }

    private static int CompareLong(long x, double y)
    {
        if (y >= TwoTo63)
        {
            return -1;
        }

        if (y < -TwoTo63)
        {
            return 1;
        }

        var whole = (long)y;
        return x != whole ? x.CompareTo(whole) : 0.0.CompareTo(y - whole);
    }
}
