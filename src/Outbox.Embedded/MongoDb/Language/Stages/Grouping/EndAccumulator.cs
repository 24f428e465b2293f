using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class EndAccumulator(bool first) : Accumulator
{
    private BsonValue? _value;
    private bool _any;

    public override void Add(BsonValue? value)
    {
        _value = first && _any ? _value : value;
        _any = true;
    }

    public override BsonValue Result() => _value ?? BsonNull.Value;
}
