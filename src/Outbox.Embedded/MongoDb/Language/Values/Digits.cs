using System.Globalization;
using System.Numerics;
using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>A number as whole digits times a power of ten, of any length.</summary>
internal readonly record struct Digits(BigInteger Coefficient, int Exponent)
{
    private const int Precision = 34, MaxExponent = 6111, MinExponent = -6176;

    public static Digits Of(BsonValue number) => number switch
    {
        BsonDouble d => Of(d.Value),
        BsonDecimal128 d => Of(d.Value),
        _ => new Digits(Numbers.ToLong(number), 0),
    };

    public static Digits Of(Decimal128 value)
    {
        ulong high = value.GetIEEEHighBits(), low = value.GetIEEELowBits();
        var negative = (high >> 63) != 0;
        if (((high >> 61) & 3) == 3)
        {
            return new Digits(0, (int)((high >> 47) & 0x3fff) + MinExponent);
        }

        var coefficient = ((BigInteger)(high & 0x1ffffffffffff) << 64) | low;
        return new Digits(negative ? -coefficient : coefficient, (int)((high >> 49) & 0x3fff) + MinExponent);
    }

    /// <summary>The very value of a double: every binary fraction has an end in decimal.</summary>
    public static Digits Of(double value)
    {
        if (value == 0)
        {
            return new Digits(0, 0);
        }

        var bits = BitConverter.DoubleToInt64Bits(value);
        int power = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffff;
        mantissa = power == 0 ? mantissa : mantissa | (1L << 52);
        power = Math.Max(power, 1) - 1075;
        BigInteger signed = bits < 0 ? -mantissa : mantissa;
        return power >= 0 ? new Digits(signed << power, 0) : new Digits(signed * BigInteger.Pow(5, -power), power);
    }

    public Digits Negated() => this with { Coefficient = -Coefficient };

    /// <summary>The digits that stand for the same number at a smaller exponent.</summary>
    public BigInteger At(int exponent) => Coefficient * BigInteger.Pow(10, Exponent - exponent);

    public BigInteger Truncated() => Exponent >= 0 ? Coefficient * BigInteger.Pow(10, Exponent) : Coefficient / BigInteger.Pow(10, Math.Min(-Exponent, 64));

    /// <summary>Takes trailing zeros away until the exponent is the one asked for.</summary>
    public Digits Shortened(int exponent)
    {
        var digits = this;
        while (digits.Exponent < exponent)
        {
            var shorter = BigInteger.DivRem(digits.Coefficient, 10, out var rest);
            if (!rest.IsZero)
            {
                break;
            }

            digits = new Digits(shorter, digits.Exponent + 1);
        }

        return digits;
    }

    /// <summary>Rounds half to even at 34 digits, the precision of a BSON decimal.</summary>
    public Decimal128 Round()
    {
        var digits = this;
        var excess = Math.Max(Decimals.Length(digits.Coefficient) - Precision, MinExponent - digits.Exponent);
        if (excess > 0)
        {
            digits = digits.WithoutLast(excess);
            digits = Decimals.Length(digits.Coefficient) > Precision ? digits.WithoutLast(1) : digits;
        }

        if (digits.Coefficient.IsZero)
        {
            digits = digits with { Exponent = Math.Clamp(digits.Exponent, MinExponent, MaxExponent) };
        }
        else if (digits.Exponent + Decimals.Length(digits.Coefficient) > MaxExponent + Precision)
        {
            return digits.Coefficient.Sign > 0 ? Decimal128.PositiveInfinity : Decimal128.NegativeInfinity;
        }

        return Decimal128.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits.Coefficient}E{digits.Exponent:+0;-0}"));
    }

    private Digits WithoutLast(int count)
    {
        var unit = BigInteger.Pow(10, count);
        var quotient = BigInteger.DivRem(Coefficient, unit, out var rest);
        var half = (BigInteger.Abs(rest) * 2).CompareTo(unit);
        var up = half > 0 || (half == 0 && !quotient.IsEven);
        return new Digits(up ? quotient + Coefficient.Sign : quotient, Exponent + count);
    }
}
