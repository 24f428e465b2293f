using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class ExtremeAccumulator(int sign) : Accumulator
{
    private BsonValue? _best;

    public override void Add(BsonValue? value) =>
        _best = !value.IsNullish() && (_best is null || BsonOrder.Instance.Compare(value, _best) * sign > 0) ? value : _best;

    public override BsonValue Result() => _best ?? BsonNull.Value;
}
