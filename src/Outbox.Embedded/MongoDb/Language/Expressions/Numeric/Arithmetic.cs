using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

internal static class Arithmetic
{
    private static readonly BsonValue Zero = new BsonInt32(0), One = new BsonInt32(1);

    public static void AddTo(OperatorTable table)
    {
        table.Variadic("$add", Add);
        table.Variadic("$multiply", Multiply);
        table.Binary("$subtract", Subtract);
        table.Binary("$divide", Divide);
        table.Binary("$mod", Mod);
    }

    /// <summary>A date moved by so many milliseconds.</summary>
    public static BsonDateTime Move(long milliseconds, BsonValue by, int sign)
    {
        var whole = by is BsonDouble or BsonDecimal128 ? Numbers.ToDouble(by) : 0;
        var distance = Numbers.IsInteger(by) ? Numbers.ToLong(by)
            : Math.Abs(whole) < 9e18 ? (long)Math.Round(whole, MidpointRounding.AwayFromZero)
            : throw DateOverflow();
        var moved = (Int128)milliseconds + (Int128)distance * sign;
        return moved >= long.MinValue && moved <= long.MaxValue ? new BsonDateTime((long)moved) : throw DateOverflow();
    }

    private static MongoError DateOverflow() => new(15, "Overflow", "date overflow");

    private static BsonValue? Add(BsonValue?[] operands)
    {
        BsonDateTime? date = null;
        var total = Zero;
        foreach (var operand in operands)
        {
            if (operand.IsNullish())
            {
                return BsonNull.Value;
            }

            if (operand is BsonDateTime each)
            {
                date = date is null ? each : throw MongoError.Location(16612, "only one date allowed in an $add expression");
            }
            else
            {
                total = Sum(total, Numbers.IsNumber(operand) ? operand!
                    : throw MongoError.Location(16554, $"$add only supports numeric or date types, not {TypeNames.Of(operand)}"));
            }
        }

        return date is null ? total : Move(date.MillisecondsSinceEpoch, total, 1);
    }

    private static BsonValue? Multiply(BsonValue?[] operands)
    {
        var product = One;
        foreach (var operand in operands)
        {
            if (operand.IsNullish())
            {
                return BsonNull.Value;
            }

            if (!Numbers.IsNumber(operand))
            {
                throw MongoError.Location(16555, $"$multiply only supports numeric types, not {TypeNames.Of(operand)}");
            }

            product = Numbers.Multiply(product, operand!) ?? new BsonDouble(Numbers.ToDouble(product) * Numbers.ToDouble(operand!));
        }

        return product;
    }

    private static BsonValue? Subtract(BsonValue? x, BsonValue? y)
    {
        if (x.IsNullish() || y.IsNullish())
        {
            return BsonNull.Value;
        }

        if (Numbers.IsNumber(x) && Numbers.IsNumber(y))
        {
            return Numbers.Subtract(x!, y!) ?? new BsonDouble(Numbers.ToDouble(x!) - Numbers.ToDouble(y!));
        }

        return (x, y) switch
        {
            (BsonDateTime a, BsonDateTime b) => new BsonInt64(a.MillisecondsSinceEpoch - b.MillisecondsSinceEpoch),
            (BsonDateTime a, _) when Numbers.IsNumber(y) => Move(a.MillisecondsSinceEpoch, y!, -1),
            _ => throw MongoError.Location(16556, $"cant $subtract a {TypeNames.Of(y)} from a {TypeNames.Of(x)}"),
        };
    }

    private static BsonValue? Divide(BsonValue? x, BsonValue? y)
    {
        if (x.IsNullish() || y.IsNullish())
        {
            return BsonNull.Value;
        }

        if (!Numbers.IsNumber(x) || !Numbers.IsNumber(y))
        {
            throw MongoError.Location(16609, $"$divide only supports numeric types, not {TypeNames.Of(x)} and {TypeNames.Of(y)}");
        }

        if (Numbers.Compare(y!, Zero) == 0)
        {
            throw MongoError.Location(16608, "can't $divide by zero");
        }

        return Numbers.Wider(x!, y!) == BsonType.Decimal128
            ? new BsonDecimal128(Decimals.Divide(Numbers.ToDecimal(x!), Numbers.ToDecimal(y!)))
            : new BsonDouble(Numbers.ToDouble(x!) / Numbers.ToDouble(y!));
    }

    private static BsonValue? Mod(BsonValue? x, BsonValue? y)
    {
        if (x.IsNullish() || y.IsNullish())
        {
            return BsonNull.Value;
        }

        if (!Numbers.IsNumber(x) || !Numbers.IsNumber(y))
        {
            throw MongoError.Location(16611, $"$mod only supports numeric types, not {TypeNames.Of(x)} and {TypeNames.Of(y)}");
        }

        if (Numbers.Compare(y!, Zero) == 0)
        {
            throw MongoError.Location(16610, "can't $mod by zero");
        }

        // A divisor that is a whole number leaves the type to the dividend.
        var divisor = y is BsonDouble && x is not BsonDouble && Numbers.TryWhole(y, out var whole) ? Numbers.Integer(BsonType.Int32, whole)! : y!;
        return Numbers.Wider(x!, divisor) switch
        {
            BsonType.Decimal128 => new BsonDecimal128(Decimals.Remainder(Numbers.ToDecimal(x!), Numbers.ToDecimal(y!))),
            BsonType.Double => new BsonDouble(Numbers.ToDouble(x!) % Numbers.ToDouble(y!)),
            var type => Numbers.Integer(type, (Int128)Numbers.ToLong(x!) % Numbers.ToLong(divisor)),
        };
    }

    private static BsonValue Sum(BsonValue x, BsonValue y) => Numbers.Add(x, y) ?? new BsonDouble(Numbers.ToDouble(x) + Numbers.ToDouble(y));
}
