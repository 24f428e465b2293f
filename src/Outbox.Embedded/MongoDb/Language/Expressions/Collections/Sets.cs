using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Collections;

/// <summary>Arrays taken as sets: order and repetition do not count. Results come in order.</summary>
internal static class Sets
{
    public static void AddTo(OperatorTable table)
    {
        table.Variadic("$setUnion", args => Combine("$setUnion", 17043, args, (all, next) => all.UnionWith(next)));
        table.Variadic("$setIntersection", args => Combine("$setIntersection", 17047, args, (all, next) => all.IntersectWith(next)));
        table.Binary("$setDifference", Difference);
        table.Binary("$setIsSubset", (x, y) => (BsonBoolean)Set("$setIsSubset", 17046, x).IsSubsetOf(Set("$setIsSubset", 17042, y)));
        table.Function("$setEquals", 2, int.MaxValue, args => (BsonBoolean)args.All(arg => Set("$setEquals", 17044, arg).SetEquals(Set("$setEquals", 17044, args[0]))));
        table.Unary("$anyElementTrue", x => (BsonBoolean)Set("$anyElementTrue", 17041, x).Any(item => item.IsTrue()));
        table.Unary("$allElementsTrue", x => (BsonBoolean)Set("$allElementsTrue", 17040, x).All(item => item.IsTrue()));
    }

    private static SortedSet<BsonValue> Set(string name, int code, BsonValue? value) => value is BsonArray array
        ? new SortedSet<BsonValue>(array, BsonOrder.Instance)
        : throw MongoError.Location(code, $"All operands of {name} must be arrays. One argument is of type: {TypeNames.Of(value)}");

    private static BsonValue Combine(string name, int code, BsonValue?[] args, Action<SortedSet<BsonValue>, SortedSet<BsonValue>> combine)
    {
        SortedSet<BsonValue>? all = null;
        foreach (var arg in args)
        {
            if (arg.IsNullish())
            {
                return BsonNull.Value;
            }

            var next = Set(name, code, arg);
            if (all is null)
            {
                all = next;
            }
            else
            {
                combine(all, next);
            }
        }

        return new BsonArray(all ?? []);
    }

    private static BsonValue Difference(BsonValue? x, BsonValue? y)
    {
        if (x.IsNullish() || y.IsNullish())
        {
            return BsonNull.Value;
        }

        var (left, taken) = (Set("$setDifference", 17048, x), Set("$setDifference", 17049, y));
        return new BsonArray(x!.AsBsonArray.Where(item => !taken.Contains(item) && left.Remove(item)));
    }
}
