using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Dates;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Conversion;

/// <summary>One value made into another type, or error 241.</summary>
internal static class Converter
{
    public static BsonValue To(BsonType type, BsonValue value) => type switch
    {
        _ when value.BsonType == type => value,
        BsonType.Boolean => (BsonBoolean)value.IsTrue(),
        BsonType.String => ToText(value),
        BsonType.Int32 => ToInteger(value, type, int.MinValue, int.MaxValue) is var number ? new BsonInt32((int)number) : null!,
        BsonType.Int64 => new BsonInt64(ToInteger(value, type, long.MinValue, long.MaxValue)),
        BsonType.Double => new BsonDouble(ToDouble(value)),
        BsonType.Decimal128 => new BsonDecimal128(ToDecimal(value)),
        BsonType.DateTime => ToDate(value),
        BsonType.ObjectId => ToObjectId(value),
        _ => throw Unsupported(value, type),
    };

    private static MongoError Unsupported(BsonValue value, BsonType type) => MongoError.ConversionFailure(
        $"Unsupported conversion from {TypeNames.Of(value)} to {Name(type)} in $convert with no onError value");

    private static MongoError Unreadable(string text, string what) =>
        MongoError.ConversionFailure($"Failed to parse {what} '{text}' in $convert with no onError value");

    private static string Name(BsonType type) => type switch
    {
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.DateTime => "date",
        BsonType.Decimal128 => "decimal",
        BsonType.ObjectId => "objectId",
        BsonType.Boolean => "bool",
        BsonType.Document => "object",
        BsonType.Binary => "binData",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static BsonString ToText(BsonValue value) => value is BsonDocument or BsonArray or BsonBinaryData or BsonRegularExpression or BsonTimestamp
        ? throw Unsupported(value, BsonType.String) : new BsonString(Written.Of(value));

    private static long ToInteger(BsonValue value, BsonType type, long min, long max)
    {
        switch (value)
        {
            case BsonBoolean flag:
                return flag.Value ? 1 : 0;
            case BsonDateTime date when type == BsonType.Int64:
                return date.MillisecondsSinceEpoch;
            case BsonString text:
                return long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) && parsed >= min && parsed <= max
                    ? parsed : throw Unreadable(text.Value, "number");
        }

        if (!Numbers.IsNumber(value))
        {
            throw Unsupported(value, type);
        }

        if (Numbers.IsNaN(value) || Decimals.IsInfinite(value))
        {
            throw MongoError.ConversionFailure("Attempt to convert NaN or infinity value to integer type in $convert with no onError value");
        }

        return Numbers.TryTruncate(value, out var whole) && whole >= min && whole <= max ? whole
            : throw MongoError.ConversionFailure($"Conversion would overflow target type in $convert with no onError value: {ShellText.Of(value)}");
    }

    private static double ToDouble(BsonValue value) => value switch
    {
        BsonBoolean flag => flag.Value ? 1 : 0,
        BsonDateTime date => date.MillisecondsSinceEpoch,
        BsonString text => double.TryParse(text.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var parsed)
            ? parsed : throw Unreadable(text.Value, "number"),
        _ when Numbers.IsNumber(value) => Finite(value),
        _ => throw Unsupported(value, BsonType.Double),
    };

    private static double Finite(BsonValue value)
    {
        var number = Numbers.ToDouble(value);
        return double.IsInfinity(number) && !Decimals.IsInfinite(value)
            ? throw MongoError.ConversionFailure($"Conversion would overflow target type in $convert with no onError value: {ShellText.Of(value)}") : number;
    }

    private static Decimal128 ToDecimal(BsonValue value) => value switch
    {
        BsonBoolean flag => new Decimal128(flag.Value ? 1 : 0),
        BsonDateTime date => new Decimal128(date.MillisecondsSinceEpoch),
        BsonString text => Decimal128.TryParse(text.Value, out var parsed) ? parsed : throw Unreadable(text.Value, "number"),
        _ when Numbers.IsNumber(value) => Numbers.ToDecimal(value),
        _ => throw Unsupported(value, BsonType.Decimal128),
    };

    private static BsonDateTime ToDate(BsonValue value) => value switch
    {
        BsonString text => new BsonDateTime(DateText.Read(text.Value)),
        BsonObjectId id => new BsonDateTime((long)(uint)id.Value.Timestamp * 1000),
        BsonTimestamp stamp => new BsonDateTime((long)(uint)stamp.Timestamp * 1000),
        BsonInt64 or BsonDouble or BsonDecimal128 => Numbers.TryTruncate(value, out var milliseconds) ? new BsonDateTime(milliseconds)
            : throw MongoError.ConversionFailure($"Conversion would overflow target type in $convert with no onError value: {ShellText.Of(value)}"),
        _ => throw Unsupported(value, BsonType.DateTime),
    };

    private static BsonObjectId ToObjectId(BsonValue value) => value is not BsonString text ? throw Unsupported(value, BsonType.ObjectId)
        : ObjectId.TryParse(text.Value, out var id) ? new BsonObjectId(id)
        : throw Unreadable(text.Value, "objectId");
}
