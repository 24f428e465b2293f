using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates.Arrays;

/// <summary>What a <c>$push</c> adds, where, in which order, and how much of it stays.</summary>
internal sealed record PushClauses(BsonArray Items, long? Position, long? Slice, IComparer<BsonValue>? Order)
{
    public static PushClauses Parse(string path, BsonValue argument)
    {
        if (argument is not BsonDocument document || !document.Contains("$each"))
        {
            StorageRules.CheckNames(argument, path);
            return new PushClauses([argument], null, null, null);
        }

        if (document.Names.FirstOrDefault(name => name is not ("$each" or "$slice" or "$sort" or "$position")) is { } unknown)
        {
            throw MongoError.BadValue($"Unrecognized clause in $push: {unknown}");
        }

        var items = document["$each"] as BsonArray
            ?? throw MongoError.BadValue($"The argument to $each in $push must be an array but it was of type: {TypeNames.Of(document["$each"])}");
        StorageRules.CheckNames(items, path);
        return new PushClauses(items, Whole(document, "$position"), Whole(document, "$slice"), Sort(document.Find("$sort")));
    }

    public BsonArray Apply(BsonArray array)
    {
        var result = new List<BsonValue>(array);
        var at = Position switch
        {
            null => result.Count,
            < 0 => (int)Math.Max(0, result.Count + Position.Value),
            _ => (int)Math.Min(result.Count, Position.Value),
        };
        result.InsertRange(at, Items);
        var ordered = Order is null ? result : result.Order(Order).ToList();
        var kept = Slice switch
        {
            null => ordered,
            < 0 => ordered.Skip((int)Math.Max(0, ordered.Count + Slice.Value)),
            _ => ordered.Take((int)Math.Min(ordered.Count, Slice.Value)),
        };
        var changed = new BsonArray(kept);
        return BsonEquality.Identical(changed, array) ? array : changed;
    }

    private static long? Whole(BsonDocument document, string clause) =>
        document.Find(clause) is not { } value ? null
        : Numbers.TryWhole(value, out var whole) ? whole
        : throw MongoError.BadValue($"The value for {clause} must be an integer value but was given type: {TypeNames.Of(value)}");

    private static IComparer<BsonValue>? Sort(BsonValue? clause)
    {
        switch (clause)
        {
            case null:
                return null;
            case BsonDocument { ElementCount: > 0 } pattern:
                return new ElementOrder(SortSpec.Parse(pattern));
            case BsonDocument:
                throw MongoError.BadValue("The $sort pattern is empty when it should be a set of fields.");
        }

        return Numbers.TryWhole(clause, out var direction) && direction is 1 or -1
            ? Comparer<BsonValue>.Create((x, y) => BsonOrder.Instance.Compare(x, y) * (int)direction)
            : throw MongoError.BadValue("The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields");
    }
}
