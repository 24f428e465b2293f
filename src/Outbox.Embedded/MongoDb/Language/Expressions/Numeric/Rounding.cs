using System.Numerics;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

internal static class Rounding
{
    public static void AddTo(OperatorTable table)
    {
        table.Unary("$abs", x => Numeric("$abs", x, Abs));
        table.Unary("$ceil", x => Numeric("$ceil", x, n => Whole(n, Math.Ceiling, (q, rest, _) => rest.Sign > 0 ? q + 1 : q)));
        table.Unary("$floor", x => Numeric("$floor", x, n => Whole(n, Math.Floor, (q, rest, _) => rest.Sign < 0 ? q - 1 : q)));
        table.Function("$round", 1, 2, args => ToPlace("$round", args, HalfToEven));
        table.Function("$trunc", 1, 2, args => ToPlace("$trunc", args, (q, _, _) => q));
        table.Unary("$sqrt", x => Numeric("$sqrt", x, n => Numbers.ToDouble(n) is var d && d < 0
            ? throw MongoError.Location(28714, "$sqrt's argument must be greater than or equal to 0") : new BsonDouble(Math.Sqrt(d))));
        table.Unary("$exp", x => Numeric("$exp", x, n => new BsonDouble(Math.Exp(Numbers.ToDouble(n)))));
        table.Unary("$ln", x => Numeric("$ln", x, n => new BsonDouble(Math.Log(Positive("$ln", 28766, n)))));
        table.Unary("$log10", x => Numeric("$log10", x, n => new BsonDouble(Math.Log10(Positive("$log10", 28761, n)))));
        table.Binary("$pow", Pow);
    }

    private static BsonValue Numeric(string name, BsonValue? value, Func<BsonValue, BsonValue> body) =>
        value.IsNullish() ? BsonNull.Value
        : Numbers.IsNumber(value) ? body(value!)
        : throw MongoError.Location(28765, $"{name} only supports numeric types, not {TypeNames.Of(value)}");

    private static double Positive(string name, int code, BsonValue value) =>
        value is BsonDecimal128 ? throw MongoError.NotImplemented($"{name} of a decimal")
        : Numbers.ToDouble(value) is var number && number > 0 || double.IsNaN(number) ? number
        : throw MongoError.Location(code, $"{name}'s argument must be a positive number, but is {ShellText.Of(value)}");

    private static BsonValue Abs(BsonValue value) => value switch
    {
        BsonDouble d => new BsonDouble(Math.Abs(d.Value)),
        BsonDecimal128 d => Decimal128.IsNegative(d.Value) ? new BsonDecimal128(Decimal128.Negate(d.Value)) : d,
        BsonInt64 { Value: long.MinValue } => throw MongoError.Location(28680, "can't take $abs of long long min"),
        _ => Numbers.Integer(value.BsonType, Int128.Abs(Numbers.ToLong(value)))!,
    };

    private static BsonValue Whole(BsonValue value, Func<double, double> binary, Func<BigInteger, BigInteger, BigInteger, BigInteger> rule) => value switch
    {
        BsonDouble d => new BsonDouble(binary(d.Value)),
        BsonDecimal128 d => new BsonDecimal128(Decimals.RoundTo(d.Value, 0, rule)),
        _ => value,
    };

    private static BigInteger HalfToEven(BigInteger quotient, BigInteger rest, BigInteger unit)
    {
        var half = (BigInteger.Abs(rest) * 2).CompareTo(unit);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + rest.Sign : quotient;
    }

    private static BsonValue ToPlace(string name, BsonValue?[] args, Func<BigInteger, BigInteger, BigInteger, BigInteger> rule)
    {
        if (Array.Exists(args, arg => arg.IsNullish()))
        {
            return BsonNull.Value;
        }

        long place = 0;
        if (args.Length == 2 && !Numbers.TryWhole(args[1], out place))
        {
            throw MongoError.Location(51082, $"precision argument to  {name} must be a integral value");
        }

        if (place is < -20 or > 100)
        {
            throw MongoError.Location(51083, $"cannot apply {name} with precision value {place} value must be in [-20, 100]");
        }

        return Numeric(name, args[0], value => Rounded(value, (int)-place, rule));
    }

    private static BsonValue Rounded(BsonValue value, int exponent, Func<BigInteger, BigInteger, BigInteger, BigInteger> rule)
    {
        if (Numbers.IsInteger(value))
        {
            var unit = BigInteger.Pow(10, Math.Max(0, exponent));
            var quotient = BigInteger.DivRem(Numbers.ToLong(value), unit, out var rest);
            return Numbers.Integer(value.BsonType, (Int128)(rule(quotient, rest, unit) * unit))
                ?? throw MongoError.Location(51080, "invalid conversion from Decimal128 result in $round resulting from arguments");
        }

        if (value is BsonDecimal128 m)
        {
            return new BsonDecimal128(Decimals.RoundTo(m.Value, exponent, rule));
        }

        if (!double.IsFinite(value.AsDouble))
        {
            return value;
        }

        var exact = Digits.Of(value.AsDouble);
        if (exact.Exponent >= exponent)
        {
            return value;
        }

        var places = BigInteger.Pow(10, exponent - exact.Exponent);
        var whole = BigInteger.DivRem(exact.Coefficient, places, out var over);
        return new BsonDouble(Decimals.ToDouble(new Digits(rule(whole, over, places), exponent).Round()));
    }

    private static BsonValue Pow(BsonValue? x, BsonValue? y)
    {
        if (x.IsNullish() || y.IsNullish())
        {
            return BsonNull.Value;
        }

        if (!Numbers.IsNumber(x) || !Numbers.IsNumber(y))
        {
            throw MongoError.Location(Numbers.IsNumber(x) ? 28763 : 28762, $"$pow's {(Numbers.IsNumber(x) ? "exponent" : "base")} must be numeric, not {TypeNames.Of(Numbers.IsNumber(x) ? y : x)}");
        }

        if (Numbers.Wider(x!, y!) == BsonType.Decimal128)
        {
            throw MongoError.NotImplemented("$pow of a decimal");
        }

        double a = Numbers.ToDouble(x!), b = Numbers.ToDouble(y!);
        if (a == 0 && b < 0)
        {
            throw MongoError.Location(28764, "$pow cannot take a base of 0 and a negative exponent");
        }

        var integers = Numbers.IsInteger(x!) && Numbers.IsInteger(y!) && b is >= 0 and < 64;
        return integers && Numbers.Integer(Numbers.Wider(x!, y!), ToInt128(BigInteger.Pow(Numbers.ToLong(x!), (int)b))) is { } exact
            ? exact : new BsonDouble(Math.Pow(a, b));
    }

    private static Int128 ToInt128(BigInteger value) => value > long.MaxValue || value < long.MinValue ? Int128.MaxValue : (Int128)value;
}
