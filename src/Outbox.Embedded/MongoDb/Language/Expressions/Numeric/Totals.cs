using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Numeric;

/// <summary>The accumulators used as expressions: over all arguments, or over the one argument that is an array.</summary>
internal static class Totals
{
    public static void AddTo(OperatorTable table)
    {
        table.Variadic("$sum", args => Total(args).Sum());
        table.Variadic("$avg", args => Total(args).Average());
        table.Variadic("$min", args => Extreme(args, -1));
        table.Variadic("$max", args => Extreme(args, 1));
        table.Variadic("$stdDevPop", args => Spread(args, sample: false));
        table.Variadic("$stdDevSamp", args => Spread(args, sample: true));
    }

    private static IEnumerable<BsonValue?> Items(BsonValue?[] args) => args is [BsonArray only] ? only : args;

    private static RunningTotal Total(BsonValue?[] args)
    {
        var total = new RunningTotal();
        foreach (var item in Items(args))
        {
            total.Add(item);
        }

        return total;
    }

    private static BsonValue Spread(BsonValue?[] args, bool sample)
    {
        var deviation = new Deviation(sample);
        foreach (var item in Items(args))
        {
            deviation.Add(item);
        }

        return deviation.Result();
    }

    private static BsonValue Extreme(BsonValue?[] args, int sign)
    {
        BsonValue? best = null;
        foreach (var item in Items(args))
        {
            best = !item.IsNullish() && (best is null || BsonOrder.Instance.Compare(item, best) * sign > 0) ? item : best;
        }

        return best ?? BsonNull.Value;
    }
}
