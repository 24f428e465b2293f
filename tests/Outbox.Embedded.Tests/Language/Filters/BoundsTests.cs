using CsCheck;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.Language.Filters;

public sealed class BoundsTests
{
    private static readonly string[] Operators = ["$eq", "$gt", "$gte", "$lt", "$lte", "$ne", "$in", "$nin", "$all", "$exists", "$elemMatch", "$not"];

    [Theory]
    [InlineData("{ a: 1 }", "a: [1, 1]")]
    [InlineData("{ a: { $in: [1, 'x'] } }", "a: [1, 1] ['x', 'x']")]
    [InlineData("{ a: { $gt: 1 } }", "a: (1, Infinity]")]
    [InlineData("{ a: { $lte: 'x' } }", "a: ['', 'x']")]
    [InlineData("{ _id: { $gt: 1, $lte: 5 } }", "_id: (1, 5]")]
    [InlineData("{ a: { $gt: 1, $lte: 5 } }", "a: (1, Infinity]")]
    [InlineData("{ a: { $gt: 1 }, b: 2 }", "a: (1, Infinity]; b: [2, 2]")]
    [InlineData("{ $and: [{ a: { $gt: 1 } }, { a: 7 }] }", "a: [7, 7]")]
    [InlineData("{ $or: [{ a: 1 }, { a: 2, b: 3 }] }", "a: [1, 1] [2, 2]")]
    [InlineData("{ $or: [{ a: 1 }, { b: 2 }] }", "")]
    [InlineData("{ a: null }", "a: [undefined, null]")]
    [InlineData("{ a: [1, 2] }", "a: [1, 1] [[1, 2], [1, 2]]")]
    [InlineData("{ a: /^ab/ }", "a: ['ab', 'ac') [/^ab/, new BsonJavaScript(\"\"))")]
    [InlineData("{ a: { $ne: 1 } }", "")]
    [InlineData("{ 'a.0': 1 }", "")]
    [InlineData("{ $expr: { $eq: ['$a', 1] } }", "")]
    public void What_a_filter_says_about_index_keys(string filter, string expected) =>
        Assert.Equal(expected, Text(Filter.Parse(Bson.Doc(filter), Bson.Variables).Bounds));

    [Theory]
    [InlineData("{ a: { $gt: 1, $lte: 5 } }", "a: (1, 5]")]
    [InlineData("{ a: { $gt: 1, $lt: 'x' } }", "a:")]
    [InlineData("{ a: { $in: [1, 5, 9] }, $and: [{ a: { $gt: 2 } }] }", "a: [5, 5] [9, 9]")]
    public void Without_arrays_conditions_meet(string filter, string expected) =>
        Assert.Equal(expected, Text(Filter.Parse(Bson.Doc(filter), Bson.Variables).ScalarBounds));

    [Fact]
    public void Bounds_never_exclude_a_matching_document()
    {
        var bounded = 0;
        AnyBson.Document.Where(document => document.GetValue("_id", 0) is not BsonArray).SelectMany(document => AnyFilter(document).Select(query => (query, document))).Sample((query, document) =>
        {
            if (Parsed(query) is { } filter && filter.Matches(document))
            {
                bounded += filter.Bounds.Count;
                CheckBounds(filter, document);
            }
        }, iter: 40_000, threads: 1);
        Assert.True(bounded > 400, $"only {bounded} bounds were tried");
    }

    private static void CheckBounds(Filter filter, BsonDocument document)
    {
        foreach (var (path, bounds) in filter.Bounds)
        {
            Assert.True(Keys(document, path).Any(key => bounds.Any(each => each.Contains(key))), $"{path} of {document} is outside of {Text(filter.Bounds)}");
        }

        foreach (var (path, bounds) in filter.ScalarBounds.Where(pair => Keys(document, pair.Key).Count() == 1 && !HasArray(document)))
        {
            Assert.True(bounds.Any(each => each.Contains(Keys(document, path).Single())), $"{path} of {document} is outside of {Text(filter.ScalarBounds)}");
        }
    }

    /// <summary>Filters that ask for values which the document has, more often than not.</summary>
    private static Gen<BsonDocument> AnyFilter(BsonDocument document)
    {
        var path = Gen.OneOf(Gen.OneOf([.. document.Names, "a"]), AnyBson.Path);
        var value = Gen.OneOf(Gen.OneOf([.. Within(document)]), AnyBson.Value);
        var condition = Gen.Select(Gen.OneOf(Operators), value).Select(Condition).Array[1, 2].Select(parts => new BsonDocument(parts.DistinctBy(part => part.Name)));
        var field = Gen.Select(path, Gen.OneOf(value, condition.Select(each => (BsonValue)each))).Select((name, asked) => new BsonDocument(name, asked));
        var logic = Gen.Select(Gen.OneOf("$and", "$or", "$nor"), field.Array[1, 3]).Select((name, parts) => new BsonDocument(name, new BsonArray(parts)));
        return Gen.OneOf(field, logic, Gen.Select(field, logic).Select((x, y) => x.Merge(y)));
    }

    private static IEnumerable<BsonValue> Within(BsonValue value) => value switch
    {
        BsonDocument document => document.Values.SelectMany(Within).Append(document),
        BsonArray array => array.SelectMany(Within).Append(array),
        _ => [value],
    };

    private static BsonElement Condition(string name, BsonValue value) => name switch
    {
        "$in" or "$nin" or "$all" => new BsonElement(name, value as BsonArray ?? [value]),
        "$elemMatch" or "$not" => new BsonElement(name, new BsonDocument("$gte", value)),
        _ => new BsonElement(name, value),
    };

    private static Filter? Parsed(BsonDocument query)
    {
        try
        {
            return Filter.Parse(query, Bson.Variables);
        }
        catch (MongoError error) when (error.Code is 2 or 9)
        {
            return null;
        }
    }

    private static IEnumerable<BsonValue> Keys(BsonDocument document, string path) => IndexKeys.Extract(document, [(path, 1)]).Select(key => key[0]);

    private static bool HasArray(BsonValue value) => value is BsonArray || (value is BsonDocument document && document.Values.Any(HasArray));

    private static string Text(IReadOnlyDictionary<string, IReadOnlyList<Interval>> bounds) =>
        string.Join("; ", bounds.Select(pair => string.Join(" ", pair.Value.Select(Text).Prepend(pair.Key + ":"))));

    private static string Text(Interval each) => $"{(each.LowInclusive ? '[' : '(')}{Text(each.Low)}, {Text(each.High)}{(each.HighInclusive ? ']' : ')')}";

    private static string? Text(BsonValue? value) => value is BsonString text ? $"'{text.Value}'" : value is BsonJavaScript ? value.ToJson().Length > 0 ? "new BsonJavaScript(\"\")" : "" : value is BsonUndefined ? "undefined" : value is BsonNull ? "null" : value?.ToString();
}
