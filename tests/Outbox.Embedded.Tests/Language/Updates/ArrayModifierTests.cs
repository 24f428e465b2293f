namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class ArrayModifierTests
{
    [Theory]
    [InlineData("{}", "{ $push: { a: 1 } }", "{ a: [1] }")]
    [InlineData("{ a: [1] }", "{ $push: { a: [2, 3] } }", "{ a: [1, [2, 3]] }")]
    [InlineData("{ a: [1] }", "{ $push: { a: { $each: [2, 3] } } }", "{ a: [1, 2, 3] }")]
    [InlineData("{ a: [1, 2] }", "{ $push: { a: { $each: [9], $position: 0 } } }", "{ a: [9, 1, 2] }")]
    [InlineData("{ a: [1, 2] }", "{ $push: { a: { $each: [9], $position: -1 } } }", "{ a: [1, 9, 2] }")]
    [InlineData("{ a: [1, 2] }", "{ $push: { a: { $each: [3, 4], $slice: -3 } } }", "{ a: [2, 3, 4] }")]
    [InlineData("{ a: [1, 2] }", "{ $push: { a: { $each: [3], $slice: 2 } } }", "{ a: [1, 2] }")]
    [InlineData("{ a: [1, 2] }", "{ $push: { a: { $each: [], $slice: 0 } } }", "{ a: [] }")]
    [InlineData("{ a: [3, 1] }", "{ $push: { a: { $each: [2], $sort: 1 } } }", "{ a: [1, 2, 3] }")]
    [InlineData("{ a: [3, 1] }", "{ $push: { a: { $each: [2], $sort: -1, $slice: 2 } } }", "{ a: [3, 2] }")]
    [InlineData("{ a: [{ x: 3 }, { x: 1, y: 1 }] }", "{ $push: { a: { $each: [{ x: 2 }], $sort: { x: 1 } } } }", "{ a: [{ x: 1, y: 1 }, { x: 2 }, { x: 3 }] }")]
    [InlineData("{ a: [1] }", "{ $addToSet: { a: 1 } }", "{ a: [1] }")]
    [InlineData("{ a: [1] }", "{ $addToSet: { a: { $each: [2, 1, 2, 3] } } }", "{ a: [1, 2, 3] }")]
    [InlineData("{ a: [1] }", "{ $addToSet: { a: [1] } }", "{ a: [1, [1]] }")]
    [InlineData("{}", "{ $addToSet: { a: { $each: [1, 1] } } }", "{ a: [1] }")]
    [InlineData("{ a: [{ x: 1, y: 2 }] }", "{ $addToSet: { a: { y: 2, x: 1 } } }", "{ a: [{ x: 1, y: 2 }, { y: 2, x: 1 }] }")]
    public void Adding(string before, string update, string after) => Updating.Check(before, update, after);

    [Theory]
    [InlineData("{ a: [1, 2, 3] }", "{ $pop: { a: 1 } }", "{ a: [1, 2] }")]
    [InlineData("{ a: [1, 2, 3] }", "{ $pop: { a: -1 } }", "{ a: [2, 3] }")]
    [InlineData("{ a: [] }", "{ $pop: { a: 1 } }", "{ a: [] }")]
    [InlineData("{}", "{ $pop: { 'a.b': 1 } }", "{}")]
    [InlineData("{ a: [1, 2, 1] }", "{ $pull: { a: 1 } }", "{ a: [2] }")]
    [InlineData("{ a: [1, 5, 9] }", "{ $pull: { a: { $gte: 5 } } }", "{ a: [1] }")]
    [InlineData("{ a: [1, 5, 9] }", "{ $pull: { a: { $in: [1, 9] } } }", "{ a: [5] }")]
    [InlineData("{ a: [{ x: 1, y: 1 }, { x: 2 }] }", "{ $pull: { a: { x: 1 } } }", "{ a: [{ x: 2 }] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2 }, 1] }", "{ $pull: { a: { $or: [{ x: 1 }, { x: 3 }] } } }", "{ a: [{ x: 2 }, 1] }")]
    [InlineData("{ a: [{ x: [{ y: 1 }] }] }", "{ $pull: { a: { x: { $elemMatch: { y: 1 } } } } }", "{ a: [] }")]
    [InlineData("{ a: [[1, 2], [2, 1]] }", "{ $pull: { a: [1, 2] } }", "{ a: [[2, 1]] }")]
    [InlineData("{ a: ['ab', 'b'] }", "{ $pull: { a: /^a/ } }", "{ a: ['b'] }")]
    [InlineData("{ a: [1, null, 2] }", "{ $pull: { a: null } }", "{ a: [1, 2] }")]
    [InlineData("{ a: [1, 2, 3, 1] }", "{ $pullAll: { a: [1, 3] } }", "{ a: [2] }")]
    [InlineData("{ a: [{ x: 1, y: 1 }, { x: 1 }] }", "{ $pullAll: { a: [{ x: 1 }] } }", "{ a: [{ x: 1, y: 1 }] }")]
    [InlineData("{}", "{ $pull: { a: 1 } }", "{}")]
    public void Removing(string before, string update, string after) => Updating.Check(before, update, after);

    [Theory]
    [InlineData("{ a: [1, 5, 9] }", "{ a: 5 }", "{ $set: { 'a.$': 0 } }", "{ a: [1, 0, 9] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2, y: 0 }] }", "{ 'a.x': 2 }", "{ $inc: { 'a.$.y': 3 } }", "{ a: [{ x: 1 }, { x: 2, y: 3 }] }")]
    [InlineData("{ a: [{ x: 1, z: 5 }, { x: 2, z: 5 }] }", "{ a: { $elemMatch: { x: 2, z: 5 } } }", "{ $set: { 'a.$.z': 6 } }", "{ a: [{ x: 1, z: 5 }, { x: 2, z: 6 }] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2 }] }", "{ 'a.x': 2 }", "{ $set: { 'a.$.x': 9, 'a.0.x': 8 } }", "{ a: [{ x: 8 }, { x: 9 }] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2 }] }", "{ 'a.x': 2 }", "{ $set: { 'a.$.y': 9, 'a.1.x': 8 } }", "{ a: [{ x: 1 }, { x: 8, y: 9 }] }")]
    [InlineData("{ a: [{ b: [5, 6] }, { b: [7] }] }", "{ 'a.b': 7 }", "{ $set: { 'a.$.c': 1 } }", "{ a: [{ b: [5, 6] }, { b: [7], c: 1 }] }")]
    [InlineData("{ a: [{ b: [5, 6] }] }", "{ 'a.0.b': 6 }", "{ $set: { 'a.0.b.$': 1 } }", "{ a: [{ b: [5, 1] }] }")]
    [InlineData("{ a: [1, 2] }", "{ a: { $gt: 1 } }", "{ $unset: { 'a.$': 1 } }", "{ a: [1, null] }")]
    public void The_matched_element(string before, string query, string update, string after) => Updating.Check(before, update, after, query);

    [Theory]
    [InlineData("{ a: [1, 2] }", "{ $inc: { 'a.$[]': 10 } }", null, "{ a: [11, 12] }")]
    [InlineData("{ a: [1, 5, 9] }", "{ $set: { 'a.$[big]': 0 } }", "[{ big: { $gte: 5 } }]", "{ a: [1, 0, 0] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2 }] }", "{ $set: { 'a.$[e].y': 1 } }", "[{ 'e.x': 2 }]", "{ a: [{ x: 1 }, { x: 2, y: 1 }] }")]
    [InlineData("{ a: [{ b: [1, 2] }, { b: [3] }] }", "{ $mul: { 'a.$[].b.$[odd]': 10 } }", "[{ odd: { $mod: [2, 1] } }]", "{ a: [{ b: [10, 2] }, { b: [30] }] }")]
    [InlineData("{ a: [{ x: 1 }, { x: 2 }] }", "{ $set: { 'a.$[].y': 0, 'a.$[e].z': 1 } }", "[{ 'e.x': 2 }]", "{ a: [{ x: 1, y: 0 }, { x: 2, y: 0, z: 1 }] }")]
    [InlineData("{ a: [{ x: 1, k: 1 }, { x: 2, k: 1 }] }", "{ $set: { 'a.$[e].y': 1 } }", "[{ $or: [{ 'e.x': 2 }, { 'e.k': 2 }] }]", "{ a: [{ x: 1, k: 1 }, { x: 2, k: 1, y: 1 }] }")]
    [InlineData("{ a: [] }", "{ $set: { 'a.$[]': 1 } }", null, "{ a: [] }")]
    [InlineData("{ a: [1, 2] }", "{ $unset: { 'a.$[]': 1 } }", null, "{ a: [null, null] }")]
    public void Filtered_elements(string before, string update, string? filters, string after) => Updating.Check(before, update, after, null, filters);
}
