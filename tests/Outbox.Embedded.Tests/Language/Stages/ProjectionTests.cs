using MongoDB.Bson;
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
    [InlineData("{ a: 1, b: 0 }", 31254)]
    [InlineData("{ a: 0, b: 1 }", 31253)]
    [InlineData("{ a: 0, b: 'x' }", 31310)]
    [InlineData("{ a: 0, b: { $add: [1, 2] } }", 31252)]
    [InlineData("{ a: {} }", 51270)]
    [InlineData("{ 'a.$': 1 }", 238)]
    [InlineData("{ 'a..b': 1 }", 15998)]
    [InlineData("{ 'a.b': { $elemMatch: { x: 1 } } }", 31275)]
    [InlineData("{ a: { $foo: 1 } }", 31325)]
    public void Refusals(string projection, int code) => Bson.Refused(code, () => Projection.Parse(Bson.Doc(projection), Bson.Variables));
}
