using System.Globalization;
using System.Numerics;
using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>Arithmetic on 34-digit decimals, which the BSON library stores but does not calculate with.</summary>
internal static class Decimals
{
    private const int Precision = 34;

    public static Decimal128 Add(Decimal128 x, Decimal128 y) => Finite(x, y) ? Sum(Digits.Of(x), Digits.Of(y)).Round() : Special(x, y, (a, b) => a + b);

    public static Decimal128 Subtract(Decimal128 x, Decimal128 y) =>
        Finite(x, y) ? Sum(Digits.Of(x), Digits.Of(y).Negated()).Round() : Special(x, y, (a, b) => a - b);

    public static Decimal128 Multiply(Decimal128 x, Decimal128 y)
    {
        if (!Finite(x, y))
        {
            return Special(x, y, (a, b) => a * b);
        }

        Digits a = Digits.Of(x), b = Digits.Of(y);
        return new Digits(a.Coefficient * b.Coefficient, a.Exponent + b.Exponent).Round();
    }

    public static Decimal128 Divide(Decimal128 x, Decimal128 y)
    {
        if (!Finite(x, y))
        {
            return Special(x, y, (a, b) => a / b);
        }

        Digits a = Digits.Of(x), b = Digits.Of(y);
        var ideal = a.Exponent - b.Exponent;
        var extra = Math.Max(0, Precision + 2 + Length(b.Coefficient) - Length(a.Coefficient));
        var quotient = BigInteger.DivRem(a.Coefficient * BigInteger.Pow(10, extra), b.Coefficient, out var rest);
        if (rest.IsZero)
        {
            return new Digits(quotient, ideal - extra).Shortened(ideal).Round();
        }

        // A digit beyond the last keeps "just above half" apart from "half".
        return new Digits((quotient * 10) + (rest.Sign * b.Coefficient.Sign), ideal - extra - 1).Round();
    }

    public static Decimal128 Remainder(Decimal128 x, Decimal128 y)
    {
        if (!Finite(x, y))
        {
            return Special(x, y, (a, b) => a % b);
        }

        Digits a = Digits.Of(x), b = Digits.Of(y);
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return new Digits(BigInteger.Remainder(a.At(exponent), b.At(exponent)), exponent).Round();
    }

    /// <summary>Rounds to a power of ten; <paramref name="rule"/> gets the sign of what is cut off, and how it compares to a half.</summary>
    public static Decimal128 RoundTo(Decimal128 value, int exponent, Func<BigInteger, BigInteger, BigInteger, BigInteger> rule)
    {
        if (!Finite(value, value) || Digits.Of(value).Exponent >= exponent)
        {
            return value;
        }

        var digits = Digits.Of(value);
        var unit = BigInteger.Pow(10, exponent - digits.Exponent);
        var quotient = BigInteger.DivRem(digits.Coefficient, unit, out var rest);
        return new Digits(rule(quotient, rest, unit), exponent).Round();
    }

    /// <summary>Compares any two numbers, neither of them NaN, without rounding either.</summary>
    public static int CompareExact(BsonValue x, BsonValue y)
    {
        double a = Numbers.ToDouble(x), b = Numbers.ToDouble(y);
        if (IsInfinite(x) || IsInfinite(y))
        {
            // A decimal beyond the doubles is not infinite for that.
            return (IsInfinite(x) ? Math.Sign(a) : 0).CompareTo(IsInfinite(y) ? Math.Sign(b) : 0);
        }

        if (Math.Sign(a) != Math.Sign(b) && double.IsFinite(a) && double.IsFinite(b) && a != 0 && b != 0)
        {
            return a.CompareTo(b);
        }

        Digits p = Digits.Of(x), q = Digits.Of(y);
        var exponent = Math.Min(p.Exponent, q.Exponent);
        return p.At(exponent).CompareTo(q.At(exponent));
    }

    /// <summary>A double as MongoDB converts it: rounded to the 15 digits that a double is good for.</summary>
    public static Decimal128 FromDouble(double value)
    {
        if (double.IsNaN(value))
        {
            return Decimal128.QNaN;
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? Decimal128.PositiveInfinity : Decimal128.NegativeInfinity;
        }

        return value == 0 ? new Decimal128(0) : Decimal128.Parse(value.ToString("E14", CultureInfo.InvariantCulture));
    }

    public static double ToDouble(Decimal128 value) =>
        Decimal128.IsNaN(value) ? double.NaN
        : Decimal128.IsPositiveInfinity(value) ? double.PositiveInfinity
        : Decimal128.IsNegativeInfinity(value) ? double.NegativeInfinity
        : double.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static bool TryTruncate(Decimal128 value, out long whole)
    {
        whole = 0;
        if (!Finite(value, value) || Math.Abs(ToDouble(value)) > 1e19)
        {
            return false;
        }

        var number = Digits.Of(value).Truncated();
        if (number < long.MinValue || number > long.MaxValue)
        {
            return false;
        }

        whole = (long)number;
        return true;
    }

    public static bool IsInfinite(BsonValue value) => value switch
    {
        BsonDouble d => double.IsInfinity(d.Value),
        BsonDecimal128 d => Decimal128.IsInfinity(d.Value),
        _ => false,
    };

    internal static int Length(BigInteger value) => value.IsZero ? 1 : BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length;

    private static Digits Sum(Digits x, Digits y)
    {
        var exponent = Math.Min(x.Exponent, y.Exponent);
        return new Digits(x.At(exponent) + y.At(exponent), exponent);
    }

    private static bool Finite(Decimal128 x, Decimal128 y) =>
        !(Decimal128.IsNaN(x) || Decimal128.IsNaN(y) || Decimal128.IsInfinity(x) || Decimal128.IsInfinity(y));

    private static Decimal128 Special(Decimal128 x, Decimal128 y, Func<double, double, double> operation) =>
        FromDouble(operation(ToDouble(x), ToDouble(y)));
}
