using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class LimitStage(long limit) : Stage
{
    public static LimitStage Parse(BsonValue argument)
    {
        if (!Numbers.IsNumber(argument))
        {
            throw MongoError.Location(15957, "the limit must be specified as a number");
        }

        return Numbers.TryTruncate(argument, out var limit) && limit > 0 ? new LimitStage(limit) : throw MongoError.Location(15958, "the limit must be positive");
    }

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Take((int)Math.Min(limit, int.MaxValue));
}
