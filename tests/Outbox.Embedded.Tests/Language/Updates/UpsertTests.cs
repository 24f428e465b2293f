using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class UpsertTests
{
    [Theory]
    [InlineData("{ _id: 1 }", "{ $set: { a: 2 } }", "{ _id: 1, a: 2 }")]
    [InlineData("{ a: 1, _id: 1 }", "{ $set: { b: 2 } }", "{ _id: 1, a: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: { $gt: 5 } }", "{ $set: { b: 2 } }", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, 'a.b': 5 }", "{ $set: { 'a.c': 2 } }", "{ _id: 1, a: { b: 5, c: 2 } }")]
    [InlineData("{ _id: 1, a: { $eq: 3 } }", "{ $inc: { a: 2 } }", "{ _id: 1, a: 5 }")]
    [InlineData("{ $and: [{ _id: 1 }, { a: 1 }] }", "{ $set: { b: 2 } }", "{ _id: 1, a: 1, b: 2 }")]
    [InlineData("{ $or: [{ _id: 1 }] }", "{ $set: { b: 2 } }", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, $or: [{ a: 1 }, { a: 2 }] }", "{ $set: { b: 2 } }", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: { $all: [4] } }", "{ $set: { b: 2 } }", "{ _id: 1, a: 4, b: 2 }")]
    [InlineData("{ _id: 1 }", "{ $setOnInsert: { a: 1 }, $set: { b: 2 } }", "{ _id: 1, a: 1, b: 2 }")]
    [InlineData("{ a: 1 }", "{ $set: { _id: 7 } }", "{ _id: 7, a: 1 }")]
    [InlineData("{ _id: { endpoint: 'e', messageId: 'm' } }", "{ $set: { a: 1 } }", "{ _id: { endpoint: 'e', messageId: 'm' }, a: 1 }")]
    [InlineData("{ '_id.x': 1 }", "{ $set: { a: 1 } }", "{ _id: { x: 1 }, a: 1 }")]
    [InlineData("{ z: 1, _id: 1, b: 1, a: 1 }", "{ $set: { c: 1 } }", "{ _id: 1, a: 1, b: 1, z: 1, c: 1 }")]
    [InlineData("{ _id: { $in: [3] } }", "{ $set: { b: 1 } }", "{ _id: 3, b: 1 }")]
    [InlineData("{ _id: 1, a: { $in: [3, 4] } }", "{ $set: { b: 1 } }", "{ _id: 1, b: 1 }")]
    [InlineData("{ _id: 1, a: null }", "{ $set: { b: 1 } }", "{ _id: 1, a: null, b: 1 }")]
    public void Modifiers_start_from_the_query(string query, string update, string expected) => Check(query, update, expected);

    [Theory]
    [InlineData("{ _id: 1, a: 5 }", "{ b: 2 }", "{ _id: 1, b: 2 }")]
    [InlineData("{ a: 5 }", "{ b: 2, _id: 9 }", "{ _id: 9, b: 2 }")]
    [InlineData("{ _id: 1 }", "{ _id: 1, b: 2 }", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1 }", "{}", "{ _id: 1 }")]
    public void A_replacement_takes_the_id_alone(string query, string update, string expected) => Check(query, update, expected);

    [Theory]
    [InlineData("{ _id: 1, a: 5 }", "[{ $set: { b: { $add: ['$a', 1] } } }]", "{ _id: 1, a: 5, b: 6 }")]
    [InlineData("{ _id: 1 }", "[{ $replaceWith: { $cond: [{ $lt: [{ $ifNull: ['$version', 0] }, 5] }, { version: 5 }, '$$ROOT'] } }]", "{ _id: 1, version: 5 }")]
    public void A_pipeline_works_on_the_seed(string query, string update, string expected) => Check(query, update, expected);

    [Fact]
    public void Without_an_id_one_is_made_and_comes_first()
    {
        var document = Build("{ a: 1 }", "{ $set: { b: 2 } }");
        Assert.Equal("_id", document.GetElement(0).Name);
        Assert.IsType<BsonObjectId>(document["_id"]);
        document.Remove("_id");
        Bson.Same(Bson.Doc("{ a: 1, b: 2 }"), document);
    }

    [Theory]
    [InlineData("{ $and: [{ a: 1 }, { a: 2 }] }", "{ $set: { b: 1 } }", 54)]
    [InlineData("{ a: 1, 'a.b': 2 }", "{ $set: { b: 1 } }", 54)]
    [InlineData("{ _id: 1 }", "{ $set: { _id: 2 } }", 66)]
    [InlineData("{ _id: 1 }", "{ _id: 2 }", 66)]
    [InlineData("{ '_id.x': 1 }", "{ a: 2 }", 111)]
    [InlineData("{ a: 1 }", "{ $set: { _id: [1] } }", 53)]
    [InlineData("{ a: 5 }", "{ $set: { 'a.b': 1 } }", 28)]
    [InlineData("{ a: 5 }", "{ $setOnInsert: { 'a.b': 1 } }", 28)]
    [InlineData("{ a: 5 }", "{ $set: { 'a.$': 1 } }", 2)]
    public void What_cannot_be_inserted(string query, string update, int code) => Bson.Refused(code, () => Build(query, update));

    private static void Check(string query, string update, string expected) => Bson.Same(Bson.Doc(expected), Build(query, update));

    private static BsonDocument Build(string query, string update) =>
        Update.BuildUpsert(Bson.Doc(query), Update.Parse(Bson.Value(update), null, Bson.Variables, allowReplacement: true));
}
