using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

/// <summary>The standard deviation of what has been added; what is no number does not count.</summary>
internal sealed class Deviation(bool sample)
{
    private long _count;
    private double _mean;
    private double _squares;

    public void Add(BsonValue? value)
    {
        if (!Numbers.IsNumber(value))
        {
            return;
        }

        var number = Numbers.ToDouble(value!);
        var distance = number - _mean;
        _mean += distance / ++_count;
        _squares += distance * (number - _mean);
    }

    public BsonValue Result()
    {
        var divisor = sample ? _count - 1 : _count;
        return divisor <= 0 ? BsonNull.Value : new BsonDouble(Math.Sqrt(_squares / divisor));
    }
}
