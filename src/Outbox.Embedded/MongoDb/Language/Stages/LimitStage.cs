using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class LimitStage(long limit) : Stage
{
    public static LimitStage Parse(BsonValue argument)
    {
        var valid = Numbers.TryWhole(argument, out var limit);
        return !valid ? throw MongoError.Location(5107201, $"invalid argument to $limit stage: Expected a number in: $limit: {ShellText.Of(argument)}")
            : limit > 0 ? new LimitStage(limit)
            : throw MongoError.Location(15958, "the limit must be positive");
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Take((int)Math.Min(limit, int.MaxValue));
}
