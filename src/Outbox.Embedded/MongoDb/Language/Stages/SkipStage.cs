using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

internal sealed class SkipStage(long count) : Stage
{
    public static SkipStage Parse(BsonValue argument)
    {
        if (!Numbers.IsNumber(argument))
        {
            throw MongoError.Location(15972, $"Argument to $skip must be a number not a {TypeNames.Of(argument)}");
        }

        return Numbers.TryTruncate(argument, out var count) && count >= 0 ? new SkipStage(count)
            : throw MongoError.Location(15956, "Argument to $skip cannot be negative");
    }

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source.Skip((int)Math.Min(count, int.MaxValue));
}
