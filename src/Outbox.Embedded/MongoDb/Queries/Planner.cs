using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// Chooses an index. A plan only narrows what is looked at: unless it is exact, the filter is applied to what the walk brings.
internal static class Planner
{
    public static Plan Choose(Collection collection, Query query)
    {
        if (query.Hint is not null)
        {
            return Hinted(collection, query);
        }

        (Plan Plan, int Score)? best = null;
        foreach (var index in collection.Indexes)
        {
            if (index.Spec.Hidden || !Applicable(index, query))
            {
                continue;
            }

            var (plan, score) = Weigh(index, query);
            if (score > (best?.Score ?? 0))
            {
                best = (plan, score);
            }
        }

        return best?.Plan ?? Plan.Natural;
    }

    private static Plan Hinted(Collection collection, Query query)
    {
        if (query.Hint is BsonDocument { ElementCount: 1 } natural && natural.GetElement(0).Name == "$natural")
        {
            return Plan.Natural with { Backward = natural[0].ToDouble() < 0 };
        }

        var index = collection.Indexes.FirstOrDefault(i => query.Hint!.IsString ? i.Spec.Name == query.Hint.AsString : BsonOrder.Instance.Same(i.Spec.KeyPattern, query.Hint))
            ?? throw MongoError.BadValue($"error processing query: hint provided does not correspond to an existing index: {query.Hint}");
        return Weigh(index, query).Plan;
    }

    /// A sparse or partial index has not every document: it serves only queries that cannot match the others.
    private static bool Applicable(CollectionIndex index, Query query)
    {
        var spec = index.Spec;
        if (spec.Sparse && !spec.Keys.Any(k => query.Filter.Bounds.TryGetValue(k.Path, out var intervals) && intervals.All(KeyRanges.ExcludesNull)))
        {
            return false;
        }

        return spec.PartialFilter is null || spec.PartialFilter.All(condition => Implied(condition, query));
    }

    private static bool Implied(BsonElement condition, Query query)
    {
        if (query.Source.TryGetValue(condition.Name, out var asked) && BsonOrder.Instance.Same(asked, condition.Value))
        {
            return true;
        }

        return condition.Value is BsonDocument { ElementCount: 1 } exists && exists.GetElement(0) is { Name: "$exists" } element && element.Value.ToBoolean()
            && query.Filter.Bounds.TryGetValue(condition.Name, out var intervals) && intervals.All(KeyRanges.ExcludesNull);
    }

    private static (Plan Plan, int Score) Weigh(CollectionIndex index, Query query)
    {
        var ranges = KeyRanges.Build(index, index.Multikey ? query.Filter.Bounds : query.Filter.ScalarBounds);
        var direction = index.Multikey || query.Sort is null ? 0 : SortDirection(index.Spec.Keys, ranges.SinglePoints, query.Sort.Keys);
        var score = (ranges.Points * 100) + (ranges.HasRange ? 50 : 0) + (direction != 0 ? 30 : 0);
        if (score > 0 && ranges.Points == index.Spec.Keys.Count && index.Spec.Unique)
        {
            score += 1000;
        }

        return (new Plan(index, ranges.Ranges, direction < 0, direction != 0) { BoundKeys = ranges.Points + (ranges.HasRange ? 1 : 0), Exact = IsExact(index, ranges, query) }, score);
    }

    /// Of plain values, one for each leading key, an entry says all that the filter asks.
    private static bool IsExact(CollectionIndex index, KeyRanges ranges, Query query) =>
        !index.Multikey && !ranges.HasRange && ranges.SinglePoints == query.Source.ElementCount
        && query.Source.All(condition => condition.Name[0] != '$' && condition.Value.BsonType is BsonType.String or BsonType.Int32 or BsonType.Boolean or BsonType.ObjectId or BsonType.DateTime);

    /// 1 or -1 when walking the index forward or backward gives the sort's order, else 0.
    private static int SortDirection(IReadOnlyList<(string Path, int Direction)> keys, int singlePoints, IReadOnlyList<(string Path, int Direction)> sort)
    {
        for (var skip = 0; skip <= singlePoints && skip + sort.Count <= keys.Count; skip++)
        {
            var direction = keys[skip].Direction * sort[0].Direction;
            var matches = true;
            for (var i = 0; i < sort.Count && matches; i++)
            {
                matches = keys[skip + i].Path == sort[i].Path && keys[skip + i].Direction * sort[i].Direction == direction;
            }

            if (matches)
            {
                return direction;
            }
        }

        return 0;
    }
}
