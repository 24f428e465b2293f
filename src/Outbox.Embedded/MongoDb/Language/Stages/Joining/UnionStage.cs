using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

/// <summary><c>$unionWith</c>: another collection's documents after these.</summary>
internal sealed class UnionStage(Func<IEnumerable<BsonDocument>> read, StageSequence pipeline) : Stage
{
    public static UnionStage Parse(BsonValue argument, StageContext context)
    {
        var named = new NamedArguments("$unionWith", argument is BsonString ? new BsonDocument("coll", argument) : argument, "coll", "pipeline");
        var name = named.Required("coll") as BsonString ?? throw MongoError.TypeMismatch("$unionWith needs the name of a collection as 'coll'");
        var stages = (named.Optional("pipeline") ?? new BsonArray()) as BsonArray ?? throw MongoError.TypeMismatch("'pipeline' option must be specified as an array");
        var read = context.ReadCollection ?? throw MongoError.NotImplemented("$unionWith in this place");
        return new UnionStage(() => read(name.Value), context.Inner(stages, "$unionWith"));
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        foreach (var document in source)
        {
            yield return document;
        }

        foreach (var document in pipeline.Run(read(), outer))
        {
            yield return document;
        }
    }
}
