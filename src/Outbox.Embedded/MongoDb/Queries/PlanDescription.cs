using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// What a query does, in the words in which MongoDB explains it: stages, each with the one that feeds it.
internal static class PlanDescription
{
    private const int SortMemory = 100 * 1024 * 1024;

    public static BsonDocument Of(Query query, Collection? collection)
    {
        if (collection is null)
        {
            return new BsonDocument("stage", "EOF");
        }

        var plan = Planner.Choose(collection, query);
        var stage = plan.Index is { } index ? Walk(query, plan, index) : new BsonDocument
        {
            { "stage", "COLLSCAN" },
            { "filter", query.Source, query.Source.ElementCount > 0 },
            { "direction", Direction(plan) },
        };
        return Limited(query, query.Sort is not null && !plan.Sorted ? Sorted(query, stage) : stage, plan);
    }

    private static BsonDocument Walk(Query query, Plan plan, CollectionIndex index)
    {
        var bound = index.Spec.Keys.Take(plan.BoundKeys).Select(key => key.Path).ToHashSet();
        var rest = new BsonDocument(allowDuplicateNames: true).AddRange(query.Source.Where(condition => !bound.Contains(condition.Name)));
        if (index.Spec.IsId && rest.ElementCount == 0 && query is { Sort: null, Hint: null } && query.Source["_id"] is not (BsonDocument or BsonRegularExpression))
        {
            return new BsonDocument("stage", "IDHACK");
        }

        var scan = new BsonDocument
        {
            { "stage", "IXSCAN" },
            { "keyPattern", index.Spec.KeyPattern },
            { "indexName", index.Spec.Name },
            { "isMultiKey", index.Multikey },
            { "isUnique", index.Spec.Unique },
            { "isSparse", index.Spec.Sparse },
            { "isPartial", index.Spec.PartialFilter is not null },
            { "indexVersion", 2 },
            { "direction", Direction(plan) },
            { "indexBounds", Bounds(query, plan, index) },
        };
        return new BsonDocument { { "stage", "FETCH" }, { "filter", rest, rest.ElementCount > 0 }, { "inputStage", scan } };
    }

    private static BsonDocument Sorted(Query query, BsonDocument input) => new()
    {
        { "stage", "SORT" },
        { "sortPattern", new BsonDocument(query.Sort!.Keys.Select(key => new BsonElement(key.Path, key.Direction))) },
        { "memLimit", SortMemory },
        { "limitAmount", query.Limit + query.Skip, query.Limit > 0 },
        { "type", "simple" },
        { "inputStage", input },
    };

    /// A sort that is limited needs no limit after it.
    private static BsonDocument Limited(Query query, BsonDocument input, Plan plan)
    {
        var sorts = query.Sort is not null && !plan.Sorted;
        var skipped = query.Skip > 0 ? new BsonDocument { { "stage", "SKIP" }, { "skipAmount", query.Skip }, { "inputStage", input } } : input;
        return query.Limit > 0 && !sorts ? new BsonDocument { { "stage", "LIMIT" }, { "limitAmount", query.Limit }, { "inputStage", skipped } } : skipped;
    }

    private static BsonDocument Bounds(Query query, Plan plan, CollectionIndex index)
    {
        var bounds = index.Multikey ? query.Filter.Bounds : query.Filter.ScalarBounds;
        return new BsonDocument(index.Spec.Keys.Select((key, i) => new BsonElement(
            key.Path, i < plan.BoundKeys ? new BsonArray(bounds[key.Path].Select(interval => Text(interval, key.Direction))) : new BsonArray { key.Direction > 0 ? "[MinKey, MaxKey]" : "[MaxKey, MinKey]" })));
    }

    private static string Text(Interval interval, int direction)
    {
        var (low, high) = (interval.Low is null ? "MinKey" : ShellText.Of(interval.Low), interval.High is null ? "MaxKey" : ShellText.Of(interval.High));
        return direction > 0
            ? $"{(interval.LowInclusive ? '[' : '(')}{low}, {high}{(interval.HighInclusive ? ']' : ')')}"
            : $"{(interval.HighInclusive ? '[' : '(')}{high}, {low}{(interval.LowInclusive ? ']' : ')')}";
    }

    private static string Direction(Plan plan) => plan.Backward ? "backward" : "forward";
}
