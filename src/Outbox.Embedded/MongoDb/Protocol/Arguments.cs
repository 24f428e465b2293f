using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Protocol;

/// Reads a command's fields, with MongoDB's complaint when one has the wrong type. Null counts as absent.
internal static class Arguments
{
    public static BsonValue? Optional(this BsonDocument command, string name) =>
        command.TryGetValue(name, out var value) && !value.IsBsonNull ? value : null;

    public static BsonDocument? OptionalDocument(this BsonDocument command, string name) => command.Optional(name) switch
    {
        null => null,
        BsonDocument document => document,
        var other => throw Wrong(name, other, "object"),
    };

    public static BsonArray? OptionalArray(this BsonDocument command, string name) => command.Optional(name) switch
    {
        null => null,
        BsonArray array => array,
        var other => throw Wrong(name, other, "array"),
    };

    public static string? OptionalString(this BsonDocument command, string name) => command.Optional(name) switch
    {
        null => null,
        BsonString text => text.Value,
        var other => throw Wrong(name, other, "string"),
    };

    public static bool Flag(this BsonDocument command, string name, bool otherwise = false) => command.Optional(name) switch
    {
        null => otherwise,
        BsonBoolean flag => flag.Value,
        { IsNumeric: true } number => number.ToDouble() != 0,
        var other => throw Wrong(name, other, "bool"),
    };

    public static long? OptionalLong(this BsonDocument command, string name) => command.Optional(name) switch
    {
        null => null,
        { IsNumeric: true } number when number.ToDouble() is >= long.MinValue and <= long.MaxValue => number.ToInt64(),
        var other => throw Wrong(name, other, "long"),
    };

    public static long Natural(this BsonDocument command, string name)
    {
        var value = command.OptionalLong(name) ?? 0;
        return value >= 0 ? value : throw MongoError.BadValue($"BSON field '{name}' value must be >= 0, actual value '{value}'");
    }

    public static T Required<T>(this BsonDocument command, string name)
        where T : BsonValue => command.Optional(name) switch
        {
            null => throw MongoError.Location(40414, $"BSON field '{name}' is missing but a required field"),
            T value => value,
            var other => throw Wrong(name, other, typeof(T).Name["Bson".Length..].ToLowerInvariant()),
        };

    /// Refuses what is not among the known fields: a field passed over in silence could change the meaning.
    public static void OnlyKnows(this BsonDocument document, string what, params ReadOnlySpan<string> known)
    {
        foreach (var name in document.Names)
        {
            if (!known.Contains(name))
            {
                throw MongoError.Location(40415, $"BSON field '{what}.{name}' is an unknown field.");
            }
        }
    }

    public static void RefuseCollation(this BsonDocument document)
    {
        if (document.OptionalDocument("collation") is { ElementCount: > 0 } collation && collation.GetValue("locale", "") != "simple")
        {
            throw MongoError.BadValue("collation is not supported by the embedded server, other than { locale: 'simple' }");
        }
    }

    private static MongoError Wrong(string name, BsonValue value, string expected) =>
        MongoError.TypeMismatch($"BSON field '{name}' is the wrong type '{value.BsonType}', expected type '{expected}'");
}
