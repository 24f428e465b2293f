using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class TotalAccumulator(bool average) : Accumulator
{
    private readonly RunningTotal _total = new();

    public override void Add(BsonValue? value) => _total.Add(value);

    public override BsonValue Result() => average ? _total.Average() : _total.Sum();
}
