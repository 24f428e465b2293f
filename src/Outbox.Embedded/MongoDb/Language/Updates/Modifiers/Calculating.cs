using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Modifiers;

/// <summary><c>$inc</c>, <c>$mul</c> and <c>$bit</c>.</summary>
internal static class Calculating
{
    public static UpdateNode Inc(string path, BsonValue argument) => Arithmetic(path, argument, "$inc", "increment", Numbers.Add, argument);

    public static UpdateNode Mul(string path, BsonValue argument) =>
        Arithmetic(path, argument, "$mul", "multiply", Numbers.Multiply, Numbers.IsNumber(argument) ? Zero(argument.BsonType) : argument);

    public static UpdateNode Bit(string path, BsonValue argument)
    {
        if (argument is not BsonDocument { ElementCount: > 0 } operations)
        {
            throw MongoError.BadValue(argument is BsonDocument
                ? $"You must pass in at least one bitwise operation. The format is: {{$bit: {{field: {{and/or/xor: #}}}}"
                : $"The $bit modifier is not compatible with a {TypeNames.Of(argument)}. You must pass in an embedded document: {{$bit: {{field: {{and/or/xor: #}}}}");
        }

        foreach (var operation in operations)
        {
            CheckBit(operation);
        }

        return new Modifier(path, (current, context) => operations.Aggregate(Integer(current ?? new BsonInt32(0), path, context),
            (value, operation) => Combined(operation.Name, value, operation.Value)));
    }

    private static Modifier Arithmetic(
        string path, BsonValue argument, string name, string verb, Func<BsonValue, BsonValue, BsonValue?> calculate, BsonValue whenMissing)
    {
        if (!Numbers.IsNumber(argument))
        {
            throw MongoError.TypeMismatch($"Cannot {verb} with non-numeric argument: {{{ShellText.Element(path, argument)}}}");
        }

        return new Modifier(path, (current, context) =>
        {
            if (current is null)
            {
                return whenMissing;
            }

            if (!Numbers.IsNumber(current))
            {
                throw MongoError.TypeMismatch($"Cannot apply {name} to a value of non-numeric type. {ShellText.Id(context.Original)} has the field '{path.Split('.')[^1]}' of non-numeric type {TypeNames.Of(current)}");
            }

            var result = calculate(current, argument)
                ?? throw MongoError.BadValue($"Failed to apply {name} operations to current value ({ShellText.Of(current)}) for document {ShellText.Id(context.Original)}");
            return Setting.Changed(current, result);
        });
    }

    private static BsonValue Zero(BsonType type) => type switch
    {
        BsonType.Int32 => new BsonInt32(0),
        BsonType.Int64 => new BsonInt64(0),
        BsonType.Double => new BsonDouble(0),
        _ => new BsonDecimal128(new Decimal128(0)),
    };

    private static void CheckBit(BsonElement operation)
    {
        if (operation.Name is not ("and" or "or" or "xor"))
        {
            throw MongoError.BadValue($"The $bit modifier only supports 'and', 'or', and 'xor', not '{operation.Name}' which is an unknown operator: {{{ShellText.Element(operation.Name, operation.Value)}}}");
        }

        if (!Numbers.IsInteger(operation.Value))
        {
            throw MongoError.BadValue($"The $bit modifier field must be an Integer(32/64 bit); a '{TypeNames.Of(operation.Value)}' is not supported here: {{{ShellText.Element(operation.Name, operation.Value)}}}");
        }
    }

    private static BsonValue Integer(BsonValue current, string path, UpdateContext context) => Numbers.IsInteger(current) ? current
        : throw MongoError.BadValue($"Cannot apply $bit to a value of non-integral type.{ShellText.Id(context.Original)} has the field {path} of non-integer type {TypeNames.Of(current)}");

    private static BsonValue Combined(string operation, BsonValue x, BsonValue y)
    {
        long a = Numbers.ToLong(x), b = Numbers.ToLong(y);
        var result = Numbers.Integer(Numbers.Wider(x, y), operation switch { "and" => a & b, "or" => a | b, _ => a ^ b })!;
        return Setting.Changed(x, result);
    }
}
