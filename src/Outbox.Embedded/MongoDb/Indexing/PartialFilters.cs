using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Indexing;

/// Which filters a partial index may have: conditions of single fields that a planner can compare with a query's.
internal static class PartialFilters
{
    private static readonly HashSet<string> Operators = ["$eq", "$gt", "$gte", "$lt", "$lte", "$type", "$exists"];

    public static BsonDocument Check(BsonValue expression, Variables variables)
    {
        var filter = expression as BsonDocument
            ?? throw MongoError.TypeMismatch($"The field 'partialFilterExpression' must be an object, but got {TypeNames.Of(expression)}");
        Filter.Parse(filter, variables);
        CheckConditions(filter, top: true);
        return filter;
    }

    private static void CheckConditions(BsonDocument filter, bool top)
    {
        foreach (var element in filter)
        {
            if (element is { Name: "$and", Value: BsonArray branches } && top)
            {
                foreach (var branch in branches)
                {
                    CheckConditions(branch.AsBsonDocument, top: false);
                }
            }
            else if (element.Name.StartsWith('$') || element.Value is BsonRegularExpression || Refused(element.Value) is not null)
            {
                throw new MongoError(67, "CannotCreateIndex", $"unsupported expression in partial index: {ShellText.Element(element.Name, element.Value)}");
            }
        }
    }

    private static string? Refused(BsonValue condition) => condition is BsonDocument document && document.StartsWithDollar()
        ? document.FirstOrDefault(each => !Operators.Contains(each.Name) || (each.Name == "$exists" && !each.Value.IsTrue())).Name
        : null;
}
