using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters.Bits;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Filters.Elements;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>Reads what a query asks of one field: a value to equal, or a document of operators.</summary>
internal sealed class OperatorParser(FilterParser filters)
{
    private static readonly HashSet<string> Refused =
        ["$near", "$nearSphere", "$geoNear", "$within", "$geoWithin", "$geoIntersects", "$maxDistance", "$minDistance", "$where", "$text", "$expr", "$jsonSchema"];

    public ValueTest Parse(string field, BsonValue condition) => condition switch
    {
        BsonRegularExpression regex => new RegexTest(regex.Pattern, regex.Options),
        BsonDocument document when IsOperators(document) => Operators(field, document),
        _ => Compare(Comparison.Equal, "$eq", field, condition),
    };

    /// <summary>True for operators on a value, false for a query on a document, such as one that begins with <c>$or</c>.</summary>
    public static bool AppliesToValue(BsonDocument document) =>
        IsOperators(document) && document.GetElement(0).Name is not ("$and" or "$or" or "$nor" or "$where" or "$expr" or "$comment");

    private static bool IsOperators(BsonDocument document) =>
        document.StartsWithDollar() && document.GetElement(0).Name is not ("$ref" or "$id" or "$db");

    private static CompareTest Compare(Comparison comparison, string name, string field, BsonValue value)
    {
        if (value is BsonUndefined)
        {
            throw MongoError.BadValue("cannot compare to undefined");
        }

        if (value is BsonRegularExpression && comparison != Comparison.Equal)
        {
            throw MongoError.BadValue($"Can't have RegEx as arg to predicate over field '{field}'.");
        }

        return new CompareTest(comparison, value);
    }

    private ValueTest Operators(string field, BsonDocument document)
    {
        var tests = new List<ValueTest>(document.ElementCount);
        foreach (var element in document)
        {
            if (element.Name is "$regex" or "$options")
            {
                if (element.Name == "$regex" || !document.Contains("$regex"))
                {
                    tests.Add(ParseRegex(document));
                }
            }
            else if (element.Name != "$comment")
            {
                tests.Add(Operator(field, element.Name, element.Value));
            }
        }

        return tests is [var only] ? only : new AllTests([.. tests]);
    }

    private ValueTest Operator(string field, string name, BsonValue argument) => name switch
    {
        "$eq" => Compare(Comparison.Equal, name, field, argument),
        "$lt" => Compare(Comparison.Less, name, field, argument),
        "$lte" => Compare(Comparison.LessOrEqual, name, field, argument),
        "$gt" => Compare(Comparison.Greater, name, field, argument),
        "$gte" => Compare(Comparison.GreaterOrEqual, name, field, argument),
        "$ne" => argument is BsonRegularExpression
            ? throw MongoError.BadValue("Can't have regex as arg to $ne.")
            : new NotTest(Compare(Comparison.Equal, name, field, argument)),
        "$in" => ParseIn(name, argument),
        "$nin" => new NotTest(ParseIn(name, argument)),
        "$not" => ParseNot(field, argument),
        "$exists" => argument.IsTrue() ? new ExistsTest() : new NotTest(new ExistsTest()),
        "$type" => TypeTest.Parse(argument),
        "$mod" => ModTest.Parse(argument),
        "$size" => SizeTest.Parse(argument),
        "$all" => ParseAll(field, argument),
        "$elemMatch" => ParseElemMatch(field, argument),
        "$bitsAllSet" => BitsTest.Parse(BitQuestion.AllSet, name, argument),
        "$bitsAllClear" => BitsTest.Parse(BitQuestion.AllClear, name, argument),
        "$bitsAnySet" => BitsTest.Parse(BitQuestion.AnySet, name, argument),
        "$bitsAnyClear" => BitsTest.Parse(BitQuestion.AnyClear, name, argument),
        _ when Refused.Contains(name) => throw MongoError.NotImplemented($"The query operator {name}"),
        _ => throw MongoError.BadValue($"unknown operator: {name}"),
    };

    private static RegexTest ParseRegex(BsonDocument document)
    {
        if (!document.TryGetValue("$regex", out var regex))
        {
            throw MongoError.BadValue("$options needs a $regex");
        }

        var options = document.GetValue("$options", BsonNull.Value);
        if (options is not (BsonNull or BsonString))
        {
            throw MongoError.BadValue("$options has to be a string");
        }

        return regex switch
        {
            BsonString pattern => new RegexTest(pattern.Value, options is BsonString flags ? flags.Value : ""),
            BsonRegularExpression { Options.Length: > 0 } when options is BsonString =>
                throw MongoError.Location(51075, "options set in both $regex and $options"),
            BsonRegularExpression both => new RegexTest(both.Pattern, options is BsonString flags ? flags.Value : both.Options),
            _ => throw MongoError.BadValue("$regex has to be a string"),
        };
    }

    private static InTest ParseIn(string name, BsonValue argument)
    {
        if (argument is not BsonArray array)
        {
            throw MongoError.BadValue($"{name} needs an array");
        }

        if (array.Any(item => item is BsonDocument document && IsOperators(document)))
        {
            throw MongoError.BadValue($"cannot nest $ under {name}");
        }

        if (array.Any(item => item is BsonUndefined))
        {
            throw MongoError.BadValue("InMatchExpression equality cannot be undefined");
        }

        var patterns = array.OfType<BsonRegularExpression>().Select(regex => new RegexTest(regex.Pattern, regex.Options));
        return new InTest(array.Where(item => item is not BsonRegularExpression), [.. patterns]);
    }

    private NotTest ParseNot(string field, BsonValue argument) => argument switch
    {
        BsonRegularExpression regex => new NotTest(new RegexTest(regex.Pattern, regex.Options)),
        BsonDocument { ElementCount: 0 } => throw MongoError.BadValue("$not cannot be empty"),
        BsonDocument document => new NotTest(Operators(field, document)),
        _ => throw MongoError.BadValue("$not needs a regex or a document"),
    };

    private ValueTest ParseAll(string field, BsonValue argument)
    {
        if (argument is not BsonArray array)
        {
            throw MongoError.BadValue("$all needs an array");
        }

        var elements = array.Count(IsElemMatch);
        if (elements > 0 && elements < array.Count)
        {
            throw MongoError.BadValue(IsElemMatch(array[0]) ? "$all/$elemMatch has to be consistent" : "no $ expressions in $all");
        }

        if (elements == 0 && array.Any(item => item is BsonDocument document && IsOperators(document)))
        {
            throw MongoError.BadValue("no $ expressions in $all");
        }

        return array.Count == 0 ? new NotTest(new AllTests([])) : new AllTests([.. array.Select(item => Parse(field, item))]);
    }

    private static bool IsElemMatch(BsonValue item) => item is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name == "$elemMatch";

    private ValueTest ParseElemMatch(string field, BsonValue argument)
    {
        if (argument is not BsonDocument document)
        {
            throw MongoError.BadValue("$elemMatch needs an Object");
        }

        return AppliesToValue(document) ? new ElementValueTest(Operators(field, document)) : new ElementDocumentTest(filters.ParseElement(document));
    }
}
