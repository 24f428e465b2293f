namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class ModifierTests
{
    [Theory]
    [InlineData("{ _id: 1, a: 1 }", "{ $set: { a: 2 } }", "{ _id: 1, a: 2 }")]
    [InlineData("{ _id: 1 }", "{ $set: { c: 1, b: 2, a: 3 } }", "{ _id: 1, a: 3, b: 2, c: 1 }")]
    [InlineData("{ _id: 1 }", "{ $set: { 'a.b.c': 1 } }", "{ _id: 1, a: { b: { c: 1 } } }")]
    [InlineData("{ _id: 1, a: [1] }", "{ $set: { 'a.3': 4 } }", "{ _id: 1, a: [1, null, null, 4] }")]
    [InlineData("{ _id: 1 }", "{ $set: { 'a.0': 4 } }", "{ _id: 1, a: { '0': 4 } }")]
    [InlineData("{ _id: 1, a: [{ b: 1 }] }", "{ $set: { 'a.0.b': 2 } }", "{ _id: 1, a: [{ b: 2 }] }")]
    [InlineData("{ _id: 1 }", "{ $set: { _id: 1 } }", "{ _id: 1 }")]
    [InlineData("{ _id: 1, a: 1, b: 2 }", "{ $unset: { a: '' } }", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: [1, 2] }", "{ $unset: { 'a.0': '' } }", "{ _id: 1, a: [null, 2] }")]
    [InlineData("{ _id: 1, a: 5 }", "{ $unset: { 'a.b': '' } }", "{ _id: 1, a: 5 }")]
    [InlineData("{ _id: 1 }", "{ $unset: { 'a.b': '' } }", "{ _id: 1 }")]
    [InlineData("{ _id: 1, a: { b: 1 } }", "{ $unset: { 'a.b': 1 } }", "{ _id: 1, a: {} }")]
    [InlineData("{ _id: 1 }", "{ $setOnInsert: { a: 1 } }", "{ _id: 1 }")]
    [InlineData("{ _id: 1, a: 5 }", "{ $setOnInsert: { 'a.b': 1 } }", "{ _id: 1, a: 5 }")]
    public void Setting(string before, string update, string after) => Updating.Check(before, update, after);

    [Theory]
    [InlineData("{ a: 1 }", "{ $inc: { a: 2 } }", "{ a: 3 }")]
    [InlineData("{}", "{ $inc: { a: 2 } }", "{ a: 2 }")]
    [InlineData("{ a: 2147483647 }", "{ $inc: { a: 1 } }", "{ a: { $numberLong: '2147483648' } }")]
    [InlineData("{ a: 1 }", "{ $inc: { a: { $numberLong: '1' } } }", "{ a: { $numberLong: '2' } }")]
    [InlineData("{ a: { $numberLong: '1' } }", "{ $inc: { a: 1 } }", "{ a: { $numberLong: '2' } }")]
    [InlineData("{ a: 1 }", "{ $inc: { a: 0.5 } }", "{ a: 1.5 }")]
    [InlineData("{ a: 1 }", "{ $inc: { a: { $numberDecimal: '0.5' } } }", "{ a: { $numberDecimal: '1.5' } }")]
    [InlineData("{ a: 3 }", "{ $mul: { a: 2 } }", "{ a: 6 }")]
    [InlineData("{}", "{ $mul: { a: 2 } }", "{ a: 0 }")]
    [InlineData("{}", "{ $mul: { a: { $numberLong: '2' } } }", "{ a: { $numberLong: '0' } }")]
    [InlineData("{ a: 65536 }", "{ $mul: { a: 65536 } }", "{ a: { $numberLong: '4294967296' } }")]
    [InlineData("{ a: 5 }", "{ $min: { a: 3 }, $max: { b: 9 } }", "{ a: 3, b: 9 }")]
    [InlineData("{ a: 5 }", "{ $min: { a: 7 } }", "{ a: 5 }")]
    [InlineData("{ a: 5 }", "{ $max: { a: 'x' } }", "{ a: 'x' }")]
    [InlineData("{ a: 5 }", "{ $max: { a: null } }", "{ a: 5 }")]
    [InlineData("{ a: 13 }", "{ $bit: { a: { and: 10 } } }", "{ a: 8 }")]
    [InlineData("{ a: 3 }", "{ $bit: { a: { or: 5 } } }", "{ a: 7 }")]
    [InlineData("{ a: 1 }", "{ $bit: { a: { xor: { $numberLong: '5' } } } }", "{ a: { $numberLong: '4' } }")]
    [InlineData("{}", "{ $bit: { a: { or: 5 } } }", "{ a: 5 }")]
    [InlineData("{}", "{ $currentDate: { a: true, b: { $type: 'timestamp' }, c: { $type: 'date' } } }",
        "{ a: { $date: '2024-02-29T12:30:45.678Z' }, b: { $timestamp: { t: 1709209845, i: 3 } }, c: { $date: '2024-02-29T12:30:45.678Z' } }")]
    public void Calculating(string before, string update, string after) => Updating.Check(before, update, after);

    [Theory]
    [InlineData("{ a: 1, b: 2 }", "{ $rename: { a: 'c' } }", "{ b: 2, c: 1 }")]
    [InlineData("{ a: 1, c: 9 }", "{ $rename: { a: 'c' } }", "{ c: 1 }")]
    [InlineData("{ a: { x: 1 } }", "{ $rename: { 'a.x': 'b.y' } }", "{ a: {}, b: { y: 1 } }")]
    [InlineData("{ a: 1 }", "{ $rename: { nothing: 'b' } }", "{ a: 1 }")]
    [InlineData("{ a: [1] }", "{ $rename: { 'a.3': 'c' } }", "{ a: [1] }")]
    public void Renaming(string before, string update, string after) => Updating.Check(before, update, after);

    [Theory]
    [InlineData("{ a: 1 }", "{ $set: { a: 1 } }")]
    [InlineData("{ a: 1 }", "{ $inc: { a: 0 } }")]
    [InlineData("{ a: [1] }", "{ $addToSet: { a: 1 } }")]
    [InlineData("{ a: [1] }", "{ $pull: { a: 2 } }")]
    [InlineData("{ a: 1 }", "{ $unset: { b: 1 } }")]
    [InlineData("{ a: 1 }", "{ $max: { a: 1.0 } }")]
    public void What_changes_nothing_yields_the_same_object(string before, string update)
    {
        var document = Bson.Doc(before);
        Assert.Same(document, Updating.Apply(document, update));
    }
}
