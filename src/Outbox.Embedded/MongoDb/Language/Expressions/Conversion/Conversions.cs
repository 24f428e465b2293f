using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Conversion;

internal static class Conversions
{
    public static void AddTo(OperatorTable table)
    {
        table.Unary("$type", x => new BsonString(TypeNames.Of(x)));
        table.Unary("$isNumber", x => (BsonBoolean)Numbers.IsNumber(x));
        Shorthand(table, "$toString", BsonType.String);
        Shorthand(table, "$toInt", BsonType.Int32);
        Shorthand(table, "$toLong", BsonType.Int64);
        Shorthand(table, "$toDouble", BsonType.Double);
        Shorthand(table, "$toDecimal", BsonType.Decimal128);
        Shorthand(table, "$toBool", BsonType.Boolean);
        Shorthand(table, "$toDate", BsonType.DateTime);
        Shorthand(table, "$toObjectId", BsonType.ObjectId);
        table.Special("$convert", Convert);
    }

    private static void Shorthand(OperatorTable table, string name, BsonType type) =>
        table.Unary(name, value => value.IsNullish() ? BsonNull.Value : Converter.To(type, value!));

    private static DelegateExpression Convert(ExpressionParser parser, BsonValue argument)
    {
        var named = new NamedArguments("$convert", argument, "input", "to", "onError", "onNull");
        var (input, to) = (parser.Operand(named.Required("input")), parser.Operand(named.Required("to")));
        var onError = named.Optional("onError") is { } error ? parser.Operand(error) : null;
        var onNull = named.Optional("onNull") is { } none ? parser.Operand(none) : null;
        return new DelegateExpression(scope =>
        {
            var (value, type) = (input.Evaluate(scope), to.Evaluate(scope));
            if (value.IsNullish())
            {
                return onNull is null ? BsonNull.Value : onNull.Evaluate(scope);
            }

            if (type.IsNullish())
            {
                return BsonNull.Value;
            }

            var target = Target(type!);
            try
            {
                return Converter.To(target, value!);
            }
            catch (MongoError failure) when (failure.Code == 241 && onError is not null)
            {
                return onError.Evaluate(scope);
            }
        });
    }

    private static BsonType Target(BsonValue type)
    {
        if (type is BsonString name)
        {
            return TypeNames.TryParse(name.Value, out var named) ? named : throw MongoError.BadValue($"Unknown type name: {name.Value}");
        }

        return Numbers.TryWhole(type, out var code) && TypeNames.TryParse(code, out var coded) ? coded
            : throw MongoError.FailedToParse($"In $convert, numeric 'to' argument is not an integer or no type: {ShellText.Of(type)}");
    }
}
