using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class SkipStage(long count) : Stage
{
    public static SkipStage Parse(BsonValue argument) => Numbers.TryWhole(argument, out var count) && count >= 0 ? new SkipStage(count)
        : throw MongoError.Location(5107200, $"invalid argument to $skip stage: Expected a non-negative number in: $skip: {ShellText.Of(argument)}");

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Skip((int)Math.Min(count, int.MaxValue));
}
