using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// What is asked for: which documents, and in which order.
internal sealed record Query(BsonDocument Source, Filter Filter)
{
    public SortSpec? Sort { get; init; }

    public BsonValue? Hint { get; init; }

    public long Skip { get; init; }

    public long Limit { get; init; }

    public static Query Parse(BsonDocument source, Variables variables) => new(source, Filter.Parse(source, variables));

    /// The documents that match, in order, without those skipped and those beyond the limit.
    public IEnumerable<Candidate> Run(Store store, Collection? collection, ReadScope scope)
    {
        if (collection is null)
        {
            return [];
        }

        scope.Transaction?.EnsureSees(collection);
        var plan = Planner.Choose(collection, this);
        var source = new ReadSource(collection, plan.Index);
        scope.From(source);
        var found = new Scan(store, collection, plan, scope).Run(source);
        if (!plan.Exact)
        {
            found = found.Where(candidate => Filter.Matches(candidate.Document));
        }

        if (Sort is not null && !plan.Sorted)
        {
            found = Sorted(found);
        }

        if (Skip > 0)
        {
            found = found.Skip((int)Math.Min(Skip, int.MaxValue));
        }

        return Limit > 0 ? found.Take((int)Math.Min(Limit, int.MaxValue)) : found;
    }

    private IEnumerable<Candidate> Sorted(IEnumerable<Candidate> found)
    {
        if (Limit <= 0)
        {
            return InOrder(found);
        }

        var wanted = (int)Math.Min(Skip + Limit, int.MaxValue / 4);
        var best = new List<Candidate>();
        foreach (var candidate in found)
        {
            best.Add(candidate);
            if (best.Count > Math.Max(wanted * 2, 4096))
            {
                best = [.. InOrder(best).Take(wanted)];
            }
        }

        return InOrder(best);
    }

    private IEnumerable<Candidate> InOrder(IEnumerable<Candidate> found) =>
        found.Select(c => (Candidate: c, Key: Sort!.KeyOf(c.Document)))
            .OrderBy(c => c.Key, Comparer<BsonValue[]>.Create(Sort!.CompareKeys))
            .Select(c => c.Candidate);
}
