using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Collections;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class MergeAccumulator : Accumulator
{
    private BsonDocument _merged = [];

    public override void Add(BsonValue? value) => _merged = Objects.Merge([_merged, value]);

    public override BsonValue Result() => _merged;
}
