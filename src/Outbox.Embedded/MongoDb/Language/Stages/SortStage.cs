using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class SortStage(SortSpec sort) : Stage
{
    public static SortStage Parse(BsonValue argument) => argument switch
    {
        BsonDocument { ElementCount: > 0 } keys => new SortStage(SortSpec.Parse(keys)),
        BsonDocument => throw MongoError.Location(15976, "$sort stage must have at least one sort key"),
        _ => throw MongoError.Location(15973, "the $sort key specification must be an object"),
    };

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => sort.Sort(source);
}
