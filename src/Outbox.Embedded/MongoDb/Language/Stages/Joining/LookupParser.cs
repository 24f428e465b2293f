using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

/// <summary>Reads both forms of <c>$lookup</c>: equality of two fields, or a pipeline with variables.</summary>
internal static class LookupParser
{
    public static Stage Parse(BsonValue argument, StageContext context)
    {
        var document = argument as BsonDocument ?? throw MongoError.FailedToParse("the $lookup specification must be an Object");
        var named = new NamedArguments("$lookup", document, "from", "as", "localField", "foreignField", "let", "pipeline");
        var (from, target) = (Text(named, "from"), Text(named, "as"));
        var read = context.ReadCollection ?? throw MongoError.NotImplemented("$lookup in this place");
        if (named.Optional("pipeline") is not { } stages)
        {
            return named.Optional("let") is not null ? throw MongoError.FailedToParse("$lookup with 'let' must have a 'pipeline'")
                : new FieldLookupStage(() => read(from), target, new FieldPath(Text(named, "localField")), Text(named, "foreignField"));
        }

        if (named.Optional("localField") is not null || named.Optional("foreignField") is not null)
        {
            throw MongoError.FailedToParse("$lookup with 'pipeline' may not specify 'localField' or 'foreignField'");
        }

        var let = (named.Optional("let") ?? new BsonDocument()) as BsonDocument ?? throw MongoError.FailedToParse("$lookup argument 'let' must be an object");
        var variables = let.Select(each => new KeyValuePair<string, Expression>(ExpressionParser.VariableName(each.Name), context.Expressions.Operand(each.Value))).ToArray();
        var inner = context with { Expressions = context.Expressions.With(variables.Select(each => each.Key)) };
        var pipeline = inner.Inner(stages as BsonArray ?? throw MongoError.TypeMismatch("'pipeline' option must be specified as an array"), "$lookup");
        return new PipelineLookupStage(() => read(from), target, variables, pipeline);
    }

    private static string Text(NamedArguments named, string name) => named.Required(name) is BsonString text ? text.Value
        : throw MongoError.FailedToParse($"$lookup argument '{name}' must be a string");
}
