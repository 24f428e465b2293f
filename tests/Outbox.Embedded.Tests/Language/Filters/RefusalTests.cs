using Outbox.Embedded.MongoDb.Language.Filters;

namespace Outbox.Embedded.Tests.Language.Filters;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("{ a: { $foo: 1 } }", 2, "unknown operator: $foo")]
    [InlineData("{ $foo: 1 }", 2, "unknown top level operator: $foo")]
    [InlineData("{ a: { $gt: 1, b: 2 } }", 2, "unknown operator: b")]
    [InlineData("{ $and: [] }", 2, "nonempty array")]
    [InlineData("{ $or: {} }", 2, "must be an array")]
    [InlineData("{ $nor: [1] }", 2, "full objects")]
    [InlineData("{ a: { $in: 1 } }", 2, "$in needs an array")]
    [InlineData("{ a: { $in: [{ $gt: 1 }] } }", 2, "cannot nest $ under $in")]
    [InlineData("{ a: { $not: {} } }", 2, "$not cannot be empty")]
    [InlineData("{ a: { $not: 1 } }", 2, "$not needs a regex or a document")]
    [InlineData("{ a: { $ne: /x/ } }", 2, "Can't have regex as arg to $ne.")]
    [InlineData("{ a: { $gt: /x/ } }", 2, "Can't have RegEx as arg to predicate over field 'a'.")]
    [InlineData("{ a: { $type: 'strin' } }", 2, "Unknown type name alias: strin")]
    [InlineData("{ a: { $mod: [0, 1] } }", 2, "divisor cannot be 0")]
    [InlineData("{ a: { $mod: [1] } }", 2, "not enough elements")]
    [InlineData("{ a: { $size: -1 } }", 2, "$size")]
    [InlineData("{ a: { $options: 'i' } }", 2, "$options needs a $regex")]
    [InlineData("{ a: { $regex: '(' } }", 51091, "Regular expression is invalid")]
    [InlineData("{ a: { $regex: 'a', $options: 'q' } }", 51108, "q")]
    [InlineData("{ a: { $elemMatch: 1 } }", 2, "$elemMatch needs an Object")]
    [InlineData("{ a: { $all: 1 } }", 2, "$all needs an array")]
    [InlineData("{ $where: 'true' }", 238, "$where")]
    [InlineData("{ $text: { $search: 'x' } }", 238, "$text")]
    [InlineData("{ a: { $near: [0, 0] } }", 238, "$near")]
    [InlineData("{ $jsonSchema: {} }", 238, "$jsonSchema")]
    [InlineData("{ $expr: { $foo: 1 } }", 168, "Unrecognized expression '$foo'")]
    [InlineData("{ $expr: '$$nobody' }", 17276, "Use of undefined variable: nobody")]
    public void What_is_not_understood_is_said(string filter, int code, string text) =>
        Assert.Contains(text, Bson.Refused(code, () => Filter.Parse(Bson.Doc(filter), Bson.Variables)).Message);
}
