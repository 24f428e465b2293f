using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class DeviationAccumulator(bool sample) : Accumulator
{
    private readonly Deviation _deviation = new(sample);

    public override void Add(BsonValue? value) => _deviation.Add(value);

    public override BsonValue Result() => _deviation.Result();
}
