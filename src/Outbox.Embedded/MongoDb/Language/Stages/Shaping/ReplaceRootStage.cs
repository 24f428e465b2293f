using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Shaping;

/// <summary><c>$replaceRoot</c> and <c>$replaceWith</c>.</summary>
internal sealed class ReplaceRootStage(Expression root) : Stage
{
    public static ReplaceRootStage ParseRoot(BsonValue argument, StageContext context)
    {
        if (argument is not BsonDocument document)
        {
            throw MongoError.Location(40229, $"expected an object as specification for $replaceRoot stage, got {TypeNames.Of(argument)}");
        }

        var named = new NamedArguments("$replaceRoot", document, "newRoot");
        return new ReplaceRootStage(context.Expressions.Operand(named.Optional("newRoot")
            ?? throw MongoError.Location(40231, "no newRoot specified for the $replaceRoot stage")));
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Select(document => Replaced(document, outer));

    private BsonDocument Replaced(BsonDocument document, Scope? outer)
    {
        var value = root.Evaluate(new Scope(document, outer));
        return value as BsonDocument ?? throw MongoError.Location(40228,
            $"'newRoot' expression  must evaluate to an object, but resulting value was: {ShellText.Of(value)}. Type of resulting value: '{TypeNames.Of(value)}'. Input document: {ShellText.Of(document)}");
    }
}
