using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

/// <summary>The conditions that <c>$[name]</c> in a path refers to.</summary>
internal static class ArrayFilters
{
    public static IReadOnlyDictionary<string, Filter> Parse(BsonArray? filters, Dictionary<string, string> used, BsonDocument update, Variables variables)
    {
        var parsed = new Dictionary<string, Filter>(StringComparer.Ordinal);
        foreach (var filter in filters ?? [])
        {
            var document = filter as BsonDocument ?? throw MongoError.TypeMismatch("Each array filter must be an object");
            var name = Identifier(document);
            if (!parsed.TryAdd(name, Filter.Parse(document, variables)))
            {
                throw MongoError.FailedToParse($"Found multiple array filters with the same top-level field name {name}");
            }

            if (!used.ContainsKey(name))
            {
                throw MongoError.FailedToParse($"The array filter for identifier '{name}' was not used in the update {ShellText.Of(update)}");
            }
        }

        foreach (var (name, path) in used)
        {
            if (name.Length > 0 && !parsed.ContainsKey(name))
            {
                throw MongoError.BadValue($"No array filter found for identifier '{name}' in path '{path}'");
            }
        }

        return parsed;
    }

    private static string Identifier(BsonDocument filter)
    {
        var names = Names(filter).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
        {
            throw MongoError.FailedToParse("Cannot use an expression without a top-level field name in arrayFilters");
        }

        if (names.Length > 1)
        {
            throw MongoError.FailedToParse($"Error parsing array filter :: caused by :: Expected a single top-level field name, found '{names[0]}' and '{names[1]}'");
        }

        var valid = names[0].Length > 0 && char.IsAsciiLetterLower(names[0][0]) && names[0].All(char.IsAsciiLetterOrDigit);
        return valid ? names[0] : throw MongoError.BadValue(
            $"Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '{names[0]}'");
    }

    private static IEnumerable<string> Names(BsonDocument filter) => filter.SelectMany(element =>
        element.Name is "$and" or "$or" or "$nor" && element.Value is BsonArray branches ? branches.OfType<BsonDocument>().SelectMany(Names)
        : element.Name.StartsWith('$') ? []
        : [element.Name.Split('.')[0]]);
}
