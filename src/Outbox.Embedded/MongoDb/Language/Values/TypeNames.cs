using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>The names of BSON types as <c>$type</c> and error texts spell them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, BsonType> ByName = new(StringComparer.Ordinal)
    {
        ["double"] = BsonType.Double,
        ["string"] = BsonType.String,
        ["object"] = BsonType.Document,
        ["array"] = BsonType.Array,
        ["binData"] = BsonType.Binary,
        ["undefined"] = BsonType.Undefined,
        ["objectId"] = BsonType.ObjectId,
        ["bool"] = BsonType.Boolean,
        ["date"] = BsonType.DateTime,
        ["null"] = BsonType.Null,
        ["regex"] = BsonType.RegularExpression,
        ["javascript"] = BsonType.JavaScript,
        ["symbol"] = BsonType.Symbol,
        ["javascriptWithScope"] = BsonType.JavaScriptWithScope,
        ["int"] = BsonType.Int32,
        ["timestamp"] = BsonType.Timestamp,
        ["long"] = BsonType.Int64,
        ["decimal"] = BsonType.Decimal128,
        ["minKey"] = BsonType.MinKey,
        ["maxKey"] = BsonType.MaxKey,
    };

    private static readonly Dictionary<BsonType, string> ByType = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(BsonValue? value) => value is null ? "missing" : ByType[value.BsonType];

    public static bool TryParse(string name, out BsonType type) => ByName.TryGetValue(name, out type);

    public static bool TryParse(long code, out BsonType type)
    {
        type = code switch { -1 or 255 => BsonType.MinKey, 127 => BsonType.MaxKey, > 0 and <= 19 => (BsonType)code, _ => BsonType.EndOfDocument };
        return ByType.ContainsKey(type);
    }
}
