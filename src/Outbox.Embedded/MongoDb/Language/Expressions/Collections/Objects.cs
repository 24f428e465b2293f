using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Collections;

internal static class Objects
{
    public static void AddTo(OperatorTable table)
    {
        table.Variadic("$mergeObjects", args => Merge(args is [BsonArray only] ? only : args));
        table.Unary("$objectToArray", ToArray);
        table.Unary("$arrayToObject", FromArray);
        table.Unary("$bsonSize", x => x.IsNullish() ? BsonNull.Value : x is BsonDocument document ? new BsonInt32(document.ToBson().Length)
            : throw MongoError.Location(31393, $"$bsonSize requires a document input, found: {TypeNames.Of(x)}"));
    }

    public static BsonDocument Merge(IEnumerable<BsonValue?> values)
    {
        var merged = new BsonDocument();
        foreach (var value in values)
        {
            if (value.IsNullish())
            {
                continue;
            }

            var document = value as BsonDocument
                ?? throw MongoError.Location(40400, $"$mergeObjects requires object inputs, but input {ShellText.Of(value)} is of type {TypeNames.Of(value)}");
            merged.Merge(document, overwriteExistingElements: true);
        }

        return merged;
    }

    private static BsonValue ToArray(BsonValue? value) => value switch
    {
        BsonDocument document => new BsonArray(document.Select(element => new BsonDocument { { "k", element.Name }, { "v", element.Value } })),
        _ when value.IsNullish() => BsonNull.Value,
        _ => throw MongoError.Location(40390, $"$objectToArray requires a document input, found: {TypeNames.Of(value)}"),
    };

    private static BsonValue FromArray(BsonValue? value)
    {
        if (value.IsNullish())
        {
            return BsonNull.Value;
        }

        var array = value as BsonArray ?? throw MongoError.Location(40386, $"$arrayToObject requires an array input, found: {TypeNames.Of(value)}");
        var document = new BsonDocument();
        foreach (var item in array)
        {
            var (name, field) = item switch
            {
                BsonArray { Count: 2 } pair => (pair[0], pair[1]),
                BsonArray other => throw MongoError.Location(40397, $"$arrayToObject requires an array of size 2 arrays,found array of size: {other.Count}"),
                BsonDocument { ElementCount: 2 } pair when pair.Contains("k") && pair.Contains("v") => (pair["k"], pair["v"]),
                BsonDocument other => throw MongoError.Location(40393, $"$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: {ShellText.Of(other)}"),
                _ => throw MongoError.Location(40398, $"Unrecognised input type format for $arrayToObject: {TypeNames.Of(item)}"),
            };
            document[(name as BsonString ?? throw MongoError.Location(40394, $"$arrayToObject requires an object with keys of type string, found: {TypeNames.Of(name)}")).Value] = field;
        }

        return document;
    }
}
