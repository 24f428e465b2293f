using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Writing;

/// <summary>Reads the argument of <c>$merge</c>.</summary>
internal static class MergeParser
{
    public static MergeStage Parse(BsonValue argument, ExpressionParser expressions)
    {
        var document = argument switch
        {
            BsonString => new BsonDocument("into", argument),
            BsonDocument given => OutputTarget.Checked("$merge", given, "into", "on", "let", "whenMatched", "whenNotMatched"),
            _ => throw MongoError.Location(51182, $"$merge only supports a string or object argument, not {TypeNames.Of(argument)}"),
        };
        var into = document.Find("into") ?? throw OutputTarget.Missing("$merge", "into");
        var target = OutputTarget.Parse("$merge.into", into)
            ?? throw MongoError.Location(51178, $"$merge 'into' field must be either a string or an object, but found {TypeNames.Of(into)}");
        var (matched, otherwise) = (Matched(document.Find("whenMatched")), Otherwise(document.Find("whenNotMatched")));
        if (matched is WhenMatched.KeepExisting or WhenMatched.Fail && otherwise != WhenNotMatched.Insert)
        {
            throw MongoError.Location(
                51181, $"Combination of $merge modes 'whenMatched: {document["whenMatched"]}' and 'whenNotMatched: {document["whenNotMatched"]}' is not supported");
        }

        return new MergeStage(target)
        {
            On = document.Find("on") is { } on ? Fields(on) : ["_id"],
            WhenMatched = matched,
            WhenNotMatched = otherwise,
            Transformation = document.Find("whenMatched") as BsonArray,
            Let = document.Find("let") is { } let ? Variables(let, matched, expressions) : [],
        };
    }

    private static WhenMatched Matched(BsonValue? value) => value switch
    {
        null => WhenMatched.Merge,
        BsonArray => WhenMatched.Transform,
        BsonString { Value: "replace" } => WhenMatched.Replace,
        BsonString { Value: "keepExisting" } => WhenMatched.KeepExisting,
        BsonString { Value: "merge" } => WhenMatched.Merge,
        BsonString { Value: "fail" } => WhenMatched.Fail,
        BsonString other => throw Unknown("whenMatched", other),
        _ => throw MongoError.Location(51191, $"$merge 'whenMatched' field must be either a string or an array, but found {TypeNames.Of(value)}"),
    };

    private static WhenNotMatched Otherwise(BsonValue? value) => value switch
    {
        null or BsonString { Value: "insert" } => WhenNotMatched.Insert,
        BsonString { Value: "discard" } => WhenNotMatched.Discard,
        BsonString { Value: "fail" } => WhenNotMatched.Fail,
        BsonString other => throw Unknown("whenNotMatched", other),
        _ => throw MongoError.TypeMismatch($"BSON field '$merge.whenNotMatched' is the wrong type '{TypeNames.Of(value)}', expected type 'string'"),
    };

    private static MongoError Unknown(string field, BsonString value) =>
        MongoError.BadValue($"Enumeration value '{value.Value}' for field '$merge.{field}' is not a valid value.");

    private static string[] Fields(BsonValue on)
    {
        string[] fields = on switch
        {
            BsonString one => [one.Value],
            BsonArray { Count: > 0 } several => [.. several.Select(each => each is BsonString name ? name.Value
                : throw MongoError.Location(51134, $"$merge 'on' array elements must be strings, but found {TypeNames.Of(each)}"))],
            BsonArray => throw MongoError.Location(51187, "If explicitly specifying $merge 'on', must include at least one field"),
            _ => throw MongoError.Location(51186, $"$merge 'on' field must be either a string or an array of strings, but found {TypeNames.Of(on)}"),
        };
        return fields.Distinct(StringComparer.Ordinal).Count() == fields.Length ? fields
            : throw MongoError.Location(31465, $"Found a duplicate field in $merge 'on': {ShellText.Of(on)}");
    }

    private static KeyValuePair<string, Expression>[] Variables(BsonValue let, WhenMatched matched, ExpressionParser expressions)
    {
        var document = let as BsonDocument
            ?? throw MongoError.TypeMismatch($"BSON field '$merge.let' is the wrong type '{TypeNames.Of(let)}', expected type 'object'");
        if (matched != WhenMatched.Transform)
        {
            throw MongoError.Location(51199, "Cannot use 'let' variables with 'whenMatched' other than a pipeline");
        }

        return document.Find("new") is { } reserved && reserved != "$$ROOT"
            ? throw MongoError.Location(51273, "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'")
            : [.. document.Select(each => new KeyValuePair<string, Expression>(ExpressionParser.VariableName(each.Name), expressions.Operand(each.Value)))];
    }
}
