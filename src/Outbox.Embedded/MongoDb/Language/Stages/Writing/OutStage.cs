using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Writing;

/// <summary><c>$out</c>: the documents become a collection, in the place of the one that is there.</summary>
internal sealed class OutStage(OutputTarget target) : OutputStage("$out", target)
{
    public static OutStage Parse(BsonValue argument, StageContext context)
    {
        RefuseWithin("$out", context);
        return argument is BsonDocument document && document.Find("db") is null
            ? throw OutputTarget.Missing("$out", "db")
            : new OutStage(OutputTarget.Parse("$out", argument)
                ?? throw MongoError.Location(16990, $"$out only supports a string or object argument, but found {TypeNames.Of(argument)}"));
    }
}
