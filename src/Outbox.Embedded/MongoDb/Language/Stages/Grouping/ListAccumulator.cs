using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Grouping;

internal sealed class ListAccumulator(bool distinct) : Accumulator
{
    private readonly BsonArray _items = [];
    private readonly HashSet<BsonValue> _seen = new(BsonEquality.Instance);

    public override void Add(BsonValue? value)
    {
        if (value is not null && (!distinct || _seen.Add(value)))
        {
            _items.Add(value);
        }
    }

    public override BsonValue Result() => _items;
}
