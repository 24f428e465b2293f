using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;

namespace Outbox.Embedded.MongoDb.Language.Updates;

/// <summary>The document that an upsert starts from: what its query required to be equal.</summary>
internal static class UpsertSeed
{
    public static BsonDocument From(Filter query, bool idOnly)
    {
        var (seed, taken) = (new BsonDocument(), new List<string>());
        if (idOnly && query.Equalities.FirstOrDefault(pair => Within("_id", pair.Key)).Key is { } inner)
        {
            throw new MongoError(111, "NotExactValueField", $"field at '_id' must be exactly specified, field at sub-path '{inner}'found");
        }

        foreach (var (path, value) in query.Equalities.Where(pair => !idOnly || pair.Key == "_id").OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (taken.Find(other => other == path || Within(other, path) || Within(path, other)) is { } other)
            {
                throw new MongoError(54, "NotSingleValueField", other == path
                    ? $"cannot infer query fields to set, path '{path}' is matched twice"
                    : $"cannot infer query fields to set, both paths '{path}' and '{other}' are matched");
            }

            taken.Add(path);
            Put(seed, path.Split('.'), 0, value);
        }

        return seed;
    }

    private static bool Within(string outer, string inner) => inner.StartsWith(outer + ".", StringComparison.Ordinal);

    private static void Put(BsonDocument document, string[] path, int part, BsonValue value)
    {
        if (path[part].StartsWith('$') && part == 0)
        {
            throw StorageRules.DollarPrefixed(path[part], string.Join('.', path));
        }

        if (part == path.Length - 1)
        {
            document[path[part]] = value;
            return;
        }

        if (document.Find(path[part]) is not BsonDocument inner)
        {
            document[path[part]] = inner = [];
        }

        Put(inner, path, part + 1, value);
    }
}
