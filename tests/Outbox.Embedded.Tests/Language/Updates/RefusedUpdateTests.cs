using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class RefusedUpdateTests
{
    [Theory]
    [InlineData("{ $foo: { a: 1 } }", 9, "Unknown modifier: $foo")]
    [InlineData("{ $set: { a: 1 }, b: 2 }", 9, "Unknown modifier: b")]
    [InlineData("{ b: 2, $set: { a: 1 } }", 52, "$set")]
    [InlineData("{ $set: 1 }", 9, "Modifiers operate on fields but we found type int instead")]
    [InlineData("{ $set: {} }", 9, "'$set' is empty")]
    [InlineData("{ $set: { '': 1 } }", 56, "empty")]
    [InlineData("{ $set: { 'a..b': 1 } }", 56, "empty field name")]
    [InlineData("{ $set: { a: 1, 'a.b': 2 } }", 40, "Updating the path 'a.b' would create a conflict at 'a'")]
    [InlineData("{ $set: { 'a.b': 1, a: 2 } }", 40, "Updating the path 'a' would create a conflict at 'a'")]
    [InlineData("{ $set: { a: 1 }, $inc: { a: 1 } }", 40, "Updating the path 'a' would create a conflict at 'a'")]
    [InlineData("{ $rename: { a: 'b' }, $set: { 'b.c': 1 } }", 40, "conflict at 'b'")]
    [InlineData("{ $set: { 'a.$[]': 1, 'a.0': 2 } }", 40, "conflict at 'a'")]
    [InlineData("{ $set: { '$.a': 1 } }", 2, "first position")]
    [InlineData("{ $set: { 'a.$.b.$': 1 } }", 2, "Too many positional")]
    [InlineData("{ $set: { 'a.$x': 1 } }", 52, "'$x' in 'a.$x'")]
    [InlineData("{ $set: { a: { $b: 1 } } }", 52, "'$b' in 'a.$b'")]
    [InlineData("{ $inc: { a: 'x' } }", 14, "Cannot increment with non-numeric argument: {a: \"x\"}")]
    [InlineData("{ $pop: { a: 2 } }", 9, "$pop expects 1 or -1, found: 2")]
    [InlineData("{ $pullAll: { a: 1 } }", 2, "$pullAll requires an array")]
    [InlineData("{ $push: { a: { $each: 1 } } }", 2, "$each")]
    [InlineData("{ $push: { a: { $each: [], $foo: 1 } } }", 2, "Unrecognized clause in $push: $foo")]
    [InlineData("{ $addToSet: { a: { $each: 1 } } }", 14, "$each")]
    [InlineData("{ $currentDate: { a: { $type: 'x' } } }", 2, "'date' or 'timestamp'")]
    [InlineData("{ $rename: { a: 'a' } }", 2, "must differ")]
    [InlineData("{ $rename: { a: 'a.b' } }", 2, "must not be on the same path")]
    [InlineData("{ $set: { a: { $id: 1 } } }", 55, "Found $id field without a $ref before it")]
    [InlineData("{ $set: { a: { $ref: 'c' } } }", 55, "must be followed by a $id field")]
    [InlineData("{ $rename: { 'a.$': 'b' } }", 2, "may not be dynamic")]
    [InlineData("{ $bit: { a: { nand: 1 } } }", 2, "'and', 'or', and 'xor'")]
    [InlineData("{ $set: { 'a.$[e]': 1 } }", 2, "No array filter found for identifier 'e' in path 'a.$[e]'")]
    [InlineData("[{ $match: {} }]", 72, "$match is not allowed to be used within an update")]
    [InlineData("[{ $foo: {} }]", 40324, "Unrecognized pipeline stage name: '$foo'")]
    [InlineData("[{ $set: { a: { $foo: 1 } } }]", 168, "Unrecognized expression '$foo'")]
    [InlineData("1", 9, "object or an array")]
    public void Read(string update, int code, string text) =>
        Assert.Contains(text, Bson.Refused(code, () => Update.Parse(Bson.Value(update), null, Bson.Variables, allowReplacement: true)).Message);

    [Theory]
    [InlineData("{ _id: 1, a: 1 }", "{ $set: { 'a.b': 1 } }", 28, "Cannot create field 'b' in element {a: 1}")]
    [InlineData("{ _id: 1, a: [1] }", "{ $set: { 'a.b': 1 } }", 28, "Cannot create field 'b' in element {a: [ 1 ]}")]
    [InlineData("{ _id: 1, a: null }", "{ $set: { 'a.b': 1 } }", 28, "in element {a: null}")]
    [InlineData("{ _id: 1, a: 1 }", "{ $pull: { 'a.b': 1 } }", 28, "Cannot create field 'b'")]
    [InlineData("{ _id: 1 }", "{ $set: { _id: 2 } }", 66, "immutable field '_id'")]
    [InlineData("{ _id: 1 }", "{ $unset: { _id: 1 } }", 66, "immutable field '_id'")]
    [InlineData("{ _id: { a: 1 } }", "{ $set: { '_id.a': 2 } }", 66, "immutable field '_id'")]
    [InlineData("{ _id: 1 }", "{ _id: 2 }", 66, "(immutable) field '_id' was found to have been altered to _id: 2")]
    [InlineData("{ _id: 1 }", "[{ $set: { _id: 2 } }]", 66, "_id: 2")]
    [InlineData("{ _id: 1, a: 'x' }", "{ $inc: { a: 1 } }", 14, "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string")]
    [InlineData("{ _id: 1, a: null }", "{ $inc: { a: 1 } }", 14, "non-numeric type null")]
    [InlineData("{ _id: 1, a: { $numberLong: '9223372036854775807' } }", "{ $inc: { a: 1 } }", 2, "Failed to apply $inc")]
    [InlineData("{ _id: 1, a: 1 }", "{ $push: { a: 1 } }", 2, "The field 'a' must be an array but is of type int in document {_id: 1}")]
    [InlineData("{ _id: 1, a: 1 }", "{ $addToSet: { a: 1 } }", 2, "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int")]
    [InlineData("{ _id: 1, a: 1 }", "{ $pop: { a: 1 } }", 14, "Path 'a' contains an element of non-array type 'int'")]
    [InlineData("{ _id: 1, a: 1 }", "{ $pull: { a: 1 } }", 2, "Cannot apply $pull to a non-array value")]
    [InlineData("{ _id: 1, a: [{ b: 1 }] }", "{ $rename: { 'a.0.b': 'c' } }", 2, "The source field cannot be an array element")]
    [InlineData("{ _id: 1, a: 1 }", "{ $rename: { 'a.b': 'c' } }", 28, "cannot use the part (b of a.b) to traverse the element ({a: 1})")]
    [InlineData("{ _id: 1 }", "{ $set: { _id: 1.0 } }", 66, "immutable field '_id'")]
    [InlineData("{ _id: 1, a: 1, c: [{}] }", "{ $rename: { a: 'c.0' } }", 2, "The destination field cannot be an array element")]
    [InlineData("{ _id: 1, a: [1] }", "{ $set: { 'a.$': 1 } }", 2, "The positional operator did not find the match needed from the query.")]
    [InlineData("{ _id: 1 }", "{ $set: { 'a.$[]': 1 } }", 2, "The path 'a' must exist in the document in order to apply array updates.")]
    [InlineData("{ _id: 1, a: 1 }", "{ $set: { 'a.$[]': 1 } }", 2, "Cannot apply array updates to non-array element a: 1")]
    [InlineData("{ _id: 1, a: [] }", "{ $set: { 'a.2000000': 1 } }", 34, "backfill")]
    [InlineData("{ _id: 1 }", "[{ $replaceWith: 5 }]", 40228, "must evaluate to an object")]
    public void Applied(string before, string update, int code, string text) =>
        Assert.Contains(text, Bson.Refused(code, () => Updating.Apply(Bson.Doc(before), update)).Message);

    [Theory]
    [InlineData("{ $set: { 'a.$[e]': 1 } }", "[{ e: 1 }, { f: 1 }]", 9, "The array filter for identifier 'f' was not used")]
    [InlineData("{ $set: { 'a.$[e]': 1 } }", "[{ e: 1 }, { 'e.x': 1 }]", 9, "Found multiple array filters with the same top-level field name e")]
    [InlineData("{ $set: { 'a.$[e]': 1 } }", "[{ 'e.x': 1, 'f.x': 1 }]", 9, "Expected a single top-level field name")]
    [InlineData("{ $set: { 'a.$[E]': 1 } }", "[{ E: 1 }]", 2, "lowercase letter")]
    [InlineData("{ $set: { 'a.$[e]': 1 } }", "[{}]", 9, "without a top-level field name")]
    [InlineData("[{ $set: { a: 1 } }]", "[{ e: 1 }]", 9, "Cannot specify arrayFilters and a pipeline update")]
    public void With_array_filters(string update, string filters, int code, string text) =>
        Assert.Contains(text, Bson.Refused(code, () => Update.Parse(Bson.Value(update), Bson.List(filters), Bson.Variables, allowReplacement: true)).Message);

    [Fact]
    public void A_replacement_where_only_modifiers_are_allowed() =>
        Bson.Refused(9, () => Update.Parse(Bson.Value("{ a: 1 }"), null, Bson.Variables, allowReplacement: false));
}
