using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.Tests.Language.Stages;

public sealed class SortTests
{
    [Theory]
    [InlineData("{ a: 1 }", "[{ a: 2 }, { a: 1 }, {}, { a: null }]", "[{}, { a: null }, { a: 1 }, { a: 2 }]")]
    [InlineData("{ a: -1 }", "[{ a: 1 }, { a: 'x' }, { a: 2 }]", "[{ a: 'x' }, { a: 2 }, { a: 1 }]")]
    [InlineData("{ a: 1, b: -1 }", "[{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 0 }]", "[{ a: 0 }, { a: 1, b: 2 }, { a: 1, b: 1 }]")]
    [InlineData("{ 'a.b': 1 }", "[{ a: { b: 2 } }, { a: { b: 1 } }]", "[{ a: { b: 1 } }, { a: { b: 2 } }]")]
    [InlineData("{ a: 1 }", "[{ a: [5, 1] }, { a: 0 }, { a: 2 }]", "[{ a: 0 }, { a: [5, 1] }, { a: 2 }]")]
    [InlineData("{ a: -1 }", "[{ a: [5, 1] }, { a: 3 }, { a: 6 }]", "[{ a: 6 }, { a: [5, 1] }, { a: 3 }]")]
    [InlineData("{ a: 1 }", "[{ a: null }, { a: [] }]", "[{ a: [] }, { a: null }]")]
    [InlineData("{ 'a.b': 1 }", "[{ a: [{ b: 3 }, { b: 0 }] }, { a: { b: 2 } }]", "[{ a: [{ b: 3 }, { b: 0 }] }, { a: { b: 2 } }]")]
    [InlineData("{}", "[{ a: 2 }, { a: 1 }]", "[{ a: 2 }, { a: 1 }]")]
    [InlineData("{ k: 1 }", "[{ k: 1, n: 1 }, { k: 1, n: 2 }, { k: 0, n: 3 }]", "[{ k: 0, n: 3 }, { k: 1, n: 1 }, { k: 1, n: 2 }]")]
    public void Orders(string sort, string documents, string expected) =>
        Bson.Same(Bson.List(expected), new BsonArray(SortSpec.Parse(Bson.Doc(sort)).Sort(Bson.List(documents).Select(item => item.AsBsonDocument))));

    [Theory]
    [InlineData("a", "{ a: 1 }", "[[1]]")]
    [InlineData("a", "{}", "[[null]]")]
    [InlineData("a.b", "{ a: 5 }", "[[null]]")]
    [InlineData("a", "{ a: [2, 1, 2] }", "[[1], [2]]")]
    [InlineData("a", "{ a: [[1, 2], 3] }", "[[3], [[1, 2]]]")]
    [InlineData("a", "{ a: [] }", "[[{ $undefined: true }]]")]
    [InlineData("a.b", "{ a: [] }", "[[null]]")]
    [InlineData("a.b", "{ a: [{ b: 1 }, {}, 7] }", "[[null], [1]]")]
    [InlineData("a.b", "{ a: [{ b: [1, 2] }, { b: 3 }] }", "[[1], [2], [3]]")]
    [InlineData("a.0", "{ a: [9, 8] }", "[[9]]")]
    [InlineData("a.1.b", "{ a: [{ b: 1 }, { b: 2 }] }", "[[2]]")]
    [InlineData("a,b", "{ a: [1, 2], b: 5 }", "[[1, 5], [2, 5]]")]
    [InlineData("a.x,a.y", "{ a: [{ x: 1, y: 2 }, { x: 3 }] }", "[[1, 2], [3, null]]")]
    [InlineData("a,a.x", "{ a: [{ x: 1 }] }", "[[{ x: 1 }, 1]]")]
    [InlineData("b,a", "{ a: [1, 2] }", "[[null, 1], [null, 2]]")]
    public void Index_keys(string paths, string document, string expected)
    {
        var keys = IndexKeys.Extract(Bson.Doc(document), [.. paths.Split(',').Select(path => (path, 1))]);
        Bson.Same(Bson.List(expected), new BsonArray(keys.Select(key => new BsonArray(key))));
    }

    [Fact]
    public void Two_arrays_have_no_common_order() =>
        Bson.Refused(2, () => SortSpec.Parse(Bson.Doc("{ a: 1, b: 1 }")).KeyOf(Bson.Doc("{ a: [1], b: [2] }")));

    [Fact]
    public void Two_arrays_have_no_common_keys() =>
        Assert.Equal("CannotIndexParallelArrays", Bson.Refused(171, () => IndexKeys.Extract(Bson.Doc("{ a: [1], b: [2] }"), [("a", 1), ("b", 1)])).CodeName);

    [Theory]
    [InlineData("a", "{ a: 1 }", "[1]")]
    [InlineData("a", "{}", "[]")]
    [InlineData("a", "{ a: null }", "[null]")]
    [InlineData("a", "{ a: [1, [2, 3]] }", "[1, [2, 3]]")]
    [InlineData("a.b", "{ a: [{ b: [1, 2] }, { b: 3 }, {}, 4] }", "[1, 2, 3]")]
    [InlineData("a.1", "{ a: [7, 8] }", "[8]")]
    [InlineData("a.b", "{ a: 5 }", "[]")]
    public void Values_on_a_path(string path, string document, string expected) =>
        Bson.Same(Bson.List(expected), new BsonArray(PathValues.Of(Bson.Doc(document), new FieldPath(path))));

    [Fact]
    public void One_array_in_two_places_counts_as_two()
    {
        var shared = new BsonArray { 1, 2 };
        Bson.Refused(171, () => IndexKeys.Extract(new BsonDocument { { "a", shared }, { "b", shared } }, [("a", 1), ("b", 1)]));
    }
}
