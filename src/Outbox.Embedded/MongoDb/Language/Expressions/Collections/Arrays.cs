using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Collections;

internal static class Arrays
{
    public static void AddTo(OperatorTable table)
    {
        table.Unary("$size", x => x is BsonArray array ? new BsonInt32(array.Count)
            : throw MongoError.Location(17124, $"The argument to $size must be an array, but was of type: {TypeNames.Of(x)}"));
        table.Unary("$isArray", x => (BsonBoolean)(x is BsonArray));
        table.Binary("$arrayElemAt", ElementAt);
        table.Unary("$first", x => End("$first", x, 0));
        table.Unary("$last", x => End("$last", x, -1));
        table.Binary("$in", (x, list) => list is BsonArray array ? (BsonBoolean)array.Any(item => BsonOrder.Instance.Same(item, x))
            : throw MongoError.Location(40081, $"$in requires an array as a second argument, found: {TypeNames.Of(list)}"));
        table.Variadic("$concatArrays", Concat);
        table.Function("$slice", 2, 3, Slice);
        table.Unary("$reverseArray", x => x.IsNullish() ? BsonNull.Value : x is BsonArray array ? new BsonArray(array.Reverse())
            : throw MongoError.Location(34435, $"The argument to $reverseArray must be an array, but was of type: {TypeNames.Of(x)}"));
        table.Function("$range", 2, 3, Range);
        table.Function("$indexOfArray", 2, 4, IndexOf);
    }

    private static BsonValue? ElementAt(BsonValue? list, BsonValue? index)
    {
        if (list.IsNullish() || index.IsNullish())
        {
            return BsonNull.Value;
        }

        if (list is not BsonArray array)
        {
            throw MongoError.Location(28689, $"$arrayElemAt's first argument must be an array, but is {TypeNames.Of(list)}");
        }

        if (!Numbers.IsNumber(index))
        {
            throw MongoError.Location(28690, $"$arrayElemAt's second argument must be a numeric value, but is {TypeNames.Of(index)}");
        }

        return At(array, Int(index, 28691, "$arrayElemAt's second argument must be representable as a 32-bit integer"));
    }

    private static BsonValue? End(string name, BsonValue? list, int index) => list switch
    {
        BsonArray array => At(array, index),
        _ when list.IsNullish() => BsonNull.Value,
        _ => throw MongoError.Location(28689, $"{name}'s argument must be an array, but is {TypeNames.Of(list)}"),
    };

    private static BsonValue? At(BsonArray array, int index)
    {
        var at = index < 0 ? index + array.Count : index;
        return at >= 0 && at < array.Count ? array[at] : null;
    }

    private static int Int(BsonValue? value, int code, string problem) =>
        Numbers.TryWhole(value, out var whole) && whole is >= int.MinValue and <= int.MaxValue ? (int)whole
        : throw MongoError.Location(code, $"{problem}: {ShellText.Of(value)}");

    private static BsonValue Concat(BsonValue?[] args)
    {
        var all = new BsonArray();
        foreach (var arg in args)
        {
            if (arg.IsNullish())
            {
                return BsonNull.Value;
            }

            all.AddRange(arg as BsonArray ?? throw MongoError.Location(28664, $"$concatArrays only supports arrays, not {TypeNames.Of(arg)}"));
        }

        return all;
    }

    private static BsonValue Slice(BsonValue?[] args)
    {
        if (Array.Exists(args, arg => arg.IsNullish()))
        {
            return BsonNull.Value;
        }

        var array = args[0] as BsonArray ?? throw MongoError.Location(28724, $"First argument to $slice must be an array, but is of type: {TypeNames.Of(args[0])}");
        var first = Int(args[1], 28725, "Second argument to $slice must be a 32-bit integer");
        if (args.Length == 2)
        {
            return new BsonArray(first >= 0 ? array.Take(first) : array.Skip(Math.Max(0, array.Count + first)));
        }

        var count = Int(args[2], 28727, "Third argument to $slice must be a 32-bit integer");
        return count > 0
            ? new BsonArray(array.Skip(first >= 0 ? first : Math.Max(0, array.Count + first)).Take(count))
            : throw MongoError.Location(28729, $"Third argument to $slice must be positive: {count}");
    }

    private static BsonArray Range(BsonValue?[] args)
    {
        var start = Int(args[0], 34443, "$range requires a starting value that can be represented as a 32-bit integer, found value");
        var end = Int(args[1], 34445, "$range requires an ending value that can be represented as a 32-bit integer, found value");
        var step = args.Length == 3 ? Int(args[2], 34447, "$range requires a step value that can be represented as a 32-bit integer, found value") : 1;
        if (step == 0)
        {
            throw MongoError.Location(34449, "$range requires a non-zero step value");
        }

        var count = Math.Max(0, ((long)end - start + step - Math.Sign(step)) / step);
        if (count > 4_000_000)
        {
            throw new MongoError(146, "ExceededMemoryLimit", $"$range would build an array of {count} numbers, more than fits a message");
        }

        return new BsonArray(Enumerable.Range(0, (int)count).Select(i => new BsonInt32((int)(start + ((long)i * step)))));
    }

    private static BsonValue IndexOf(BsonValue?[] args)
    {
        if (args[0].IsNullish())
        {
            return BsonNull.Value;
        }

        var array = args[0] as BsonArray ?? throw MongoError.Location(40090, $"$indexOfArray requires an array as a first argument, found: {TypeNames.Of(args[0])}");
        var start = args.Length > 2 ? Limit(args[2], "starting") : 0;
        var end = args.Length > 3 ? Limit(args[3], "ending") : array.Count;
        for (var i = start; i < Math.Min(end, array.Count); i++)
        {
            if (BsonOrder.Instance.Same(array[i], args[1]))
            {
                return new BsonInt32(i);
            }
        }

        return new BsonInt32(-1);
    }

    private static int Limit(BsonValue? value, string what) =>
        Int(value, 40096, $"$indexOfArray requires an integral {what} index, found a value of type: {TypeNames.Of(value)}, with value") is >= 0 and var index
            ? index : throw MongoError.Location(40097, $"$indexOfArray requires a nonnegative {what} index, found: {ShellText.Of(value)}");
}
