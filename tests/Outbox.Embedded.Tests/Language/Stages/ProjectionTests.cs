using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Projections;

namespace Outbox.Embedded.Tests.Language.Stages;

public sealed class ProjectionTests
{
    private const string Document = "{ _id: 1, a: { x: 1, y: 2 }, b: [{ x: 1, y: 2 }, 5, [{ x: 3, y: 4 }]], c: 'c', d: [1, 2, 3, 4] }";

    [Theory]
    [InlineData("{}", Document)]
    [InlineData("{ c: 1 }", "{ _id: 1, c: 'c' }")]
    [InlineData("{ c: true, _id: 0 }", "{ c: 'c' }")]
    [InlineData("{ _id: 1 }", "{ _id: 1 }")]
    [InlineData("{ _id: 0, a: 0, b: 0 }", "{ c: 'c', d: [1, 2, 3, 4] }")]
    [InlineData("{ _id: 0 }", "{ a: { x: 1, y: 2 }, b: [{ x: 1, y: 2 }, 5, [{ x: 3, y: 4 }]], c: 'c', d: [1, 2, 3, 4] }")]
    [InlineData("{ 'a.x': 1 }", "{ _id: 1, a: { x: 1 } }")]
    [InlineData("{ a: { x: 1 } }", "{ _id: 1, a: { x: 1 } }")]
    [InlineData("{ 'b.x': 1 }", "{ _id: 1, b: [{ x: 1 }, [{ x: 3 }]] }")]
    [InlineData("{ 'b.x': 0, a: 0, d: 0 }", "{ _id: 1, b: [{ y: 2 }, 5, [{ y: 4 }]], c: 'c' }")]
    [InlineData("{ 'c.x': 1 }", "{ _id: 1 }")]
    [InlineData("{ c: 1, a: 1 }", "{ _id: 1, a: { x: 1, y: 2 }, c: 'c' }")]
    [InlineData("{ z: '$c' }", "{ _id: 1, z: 'c' }")]
    [InlineData("{ z: 'literal', c: 1 }", "{ _id: 1, c: 'c', z: 'literal' }")]
    [InlineData("{ z: { $add: ['$a.x', '$a.y'] }, _id: 0 }", "{ z: 3 }")]
    [InlineData("{ 'a.z': { $literal: 9 } }", "{ _id: 1, a: { z: 9 } }")]
    [InlineData("{ 'a.x': 1, 'a.z': '$c' }", "{ _id: 1, a: { x: 1, z: 'c' } }")]
    [InlineData("{ d: { $slice: 2 } }", "{ _id: 1, a: { x: 1, y: 2 }, b: [{ x: 1, y: 2 }, 5, [{ x: 3, y: 4 }]], c: 'c', d: [1, 2] }")]
    [InlineData("{ d: { $slice: -1 }, c: 1 }", "{ _id: 1, c: 'c', d: [4] }")]
    [InlineData("{ d: { $slice: [1, 2] }, a: 0, b: 0 }", "{ _id: 1, c: 'c', d: [2, 3] }")]
    [InlineData("{ d: { $slice: [-3, 2] }, c: 1, _id: 0 }", "{ c: 'c', d: [2, 3] }")]
    [InlineData("{ d: { $slice: 1 }, _id: 1 }", "{ _id: 1, d: [1] }")]
    [InlineData("{ a: 0, d: 0, _id: 1 }", "{ _id: 1, b: [{ x: 1, y: 2 }, 5, [{ x: 3, y: 4 }]], c: 'c' }")]
    [InlineData("{ _id: 0, b: { $elemMatch: { x: 1 } } }", "{ b: [{ x: 1, y: 2 }] }")]
    [InlineData("{ b: { $elemMatch: { x: 1 } } }", "{ _id: 1, b: [{ x: 1, y: 2 }] }")]
    [InlineData("{ b: { $elemMatch: { x: 9 } } }", "{ _id: 1 }")]
    [InlineData("{ d: { $elemMatch: { $gt: 2 } }, c: 1 }", "{ _id: 1, c: 'c', d: [3] }")]
    [InlineData("{ first: { $slice: ['$d', 1] } }", "{ _id: 1, first: [1] }")]
    public void Fields(string projection, string expected)
    {
        var document = Bson.Doc(Document);
        Bson.Same(Bson.Doc(expected), Projection.Parse(Bson.Doc(projection), Bson.Variables).Apply(document));
        Bson.Same(Bson.Doc(Document), document);
    }

    [Theory]
    [InlineData("{ d: 3 }", "{ 'd.$': 1 }", "{ _id: 1, d: [3] }")]
    [InlineData("{ d: { $gt: 2 } }", "{ 'd.$': 1, c: 1, _id: 0 }", "{ c: 'c', d: [3] }")]
    [InlineData("{ d: { $elemMatch: { $gt: 3 } } }", "{ 'd.$': true }", "{ _id: 1, d: [4] }")]
    [InlineData("{ 'b.y': 2 }", "{ 'b.x.$': 1 }", "{ _id: 1, b: [{ x: 1 }] }")]
    [InlineData("{ d: 2 }", "{ 'c.$': 1 }", "{ _id: 1, c: 'c' }")]
    [InlineData("{ d: 2 }", "{ 'd.$': 1, a: { $slice: 1 } }", "{ _id: 1, a: { x: 1, y: 2 }, d: [2] }")]
    public void Of_what_the_query_matched(string query, string projection, string expected) => Bson.Same(Bson.Doc(expected), Positional(query, projection));

    [Theory]
    [InlineData("{ c: 'c' }", "{ 'd.$': 1 }", 51246)]
    [InlineData("{ d: 4 }", "{ 'b.$': 1 }", 51247)]
    [InlineData("{ d: 1 }", "{ 'd.$': 1, 'b.$': 1 }", 31276)]
    [InlineData("{ d: 1 }", "{ 'd.$': 1, b: { $elemMatch: { x: 1 } } }", 31255)]
    [InlineData("{ d: 1 }", "{ b: { $elemMatch: { x: 1 } }, 'd.$': 1 }", 31256)]
    [InlineData("{ d: 1 }", "{ 'd.$': 1, c: 0 }", 31254)]
    [InlineData("{ d: 1 }", "{ c: 0, 'd.$': 1 }", 31253)]
    [InlineData("{ d: 1 }", "{ 'd.$': 1, d: 1 }", 31250)]
    [InlineData("{ d: 1 }", "{ 'd..$': 1 }", 40353)]
    public void Where_the_query_matched_no_element(string query, string projection, int code) => Bson.Refused(code, () => Positional(query, projection));

    private static BsonDocument Positional(string query, string projection) =>
        Projection.Parse(Bson.Doc(projection), Bson.Variables, Filter.Parse(Bson.Doc(query), Bson.Variables)).Apply(Bson.Doc(Document));

    [Theory]
    [InlineData("{ a: 1, b: 0 }", 31254)]
    [InlineData("{ a: 0, b: 1 }", 31253)]
    [InlineData("{ a: 0, b: 'x' }", 31310)]
    [InlineData("{ a: 0, b: { $add: [1, 2] } }", 31252)]
    [InlineData("{ a: {} }", 51270)]
    [InlineData("{ 'a.$': 1 }", 31324)]
    [InlineData("{ 'a.$.b': 1 }", 31394)]
    [InlineData("{ 'a.$': 0 }", 31395)]
    [InlineData("{ 'a.$': { b: 1 } }", 31271)]
    [InlineData("{ 'a.$': 'x' }", 31308)]
    [InlineData("{ '$': 1 }", 16410)]
    [InlineData("{ a: { b: 1, '$': 1 } }", 16410)]
    [InlineData("{ 'a..b': 1 }", 15998)]
    [InlineData("{ 'a.b': { $elemMatch: { x: 1 } } }", 31275)]
    [InlineData("{ a: { $foo: 1 } }", 31325)]
    public void Refusals(string projection, int code) => Bson.Refused(code, () => Projection.Parse(Bson.Doc(projection), Bson.Variables));
}
