using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary><c>$type</c>, by name, number, or a list of them.</summary>
internal sealed class TypeTest(HashSet<BsonType> types) : ValueTest
{
    public static TypeTest Parse(BsonValue argument)
    {
        var given = argument is BsonArray array ? array.ToArray() : [argument];
        if (given.Length == 0)
        {
            throw MongoError.FailedToParse("$type must match at least one type");
        }

        return new TypeTest(given.SelectMany(ParseOne).ToHashSet());
    }

    public override bool Matches(BsonValue? value, Match match) => value is not null && types.Contains(value.BsonType);

    private static BsonType[] ParseOne(BsonValue type)
    {
        if (type is BsonString name)
        {
            return name.Value == "number" ? [BsonType.Int32, BsonType.Int64, BsonType.Double, BsonType.Decimal128]
                : TypeNames.TryParse(name.Value, out var named) ? [named]
                : throw MongoError.BadValue($"Unknown type name alias: {name.Value}");
        }

        if (!Numbers.IsNumber(type))
        {
            throw MongoError.TypeMismatch("type must be represented as a number or a string");
        }

        return Numbers.TryWhole(type, out var code) && TypeNames.TryParse(code, out var coded) ? [coded]
            : throw MongoError.BadValue($"Invalid numerical type code: {type}");
    }
}
