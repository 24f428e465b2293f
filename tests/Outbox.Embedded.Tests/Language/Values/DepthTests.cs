using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.Tests.Language.Values;

/// <summary>What would nest without end is refused before a walk over it could overflow the stack.</summary>
public sealed class DepthTests
{
    [Fact]
    public void Expressions_do_not_nest_without_end() => Bson.Refused(15, () => Run(
        "[{ $project: { a: { $reduce: { input: { $range: [0, 100000] }, initialValue: {}, in: { x: '$$value' } } } } }]"));

    [Fact]
    public void Stages_do_not_nest_without_end() => Bson.Refused(15, () => Run(
        new BsonArray(Enumerable.Repeat(Bson.Doc("{ $replaceWith: { x: '$$ROOT' } }"), 5_000)).ToJson()));

    [Fact]
    public void Paths_have_an_end() =>
        Bson.Refused(15, () => Filter.Parse(new BsonDocument(string.Join('.', Enumerable.Repeat("a", 300)), 1), Bson.Variables));

    [Fact]
    public void Updates_do_not_nest_without_end()
    {
        var document = Bson.Doc("{ _id: 1, a: 1 }");
        Bson.Refused(15, () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                document = Move(Move(document, "a", "b.c"), "b", "a");
            }
        });
    }

    [Fact]
    public void A_deep_path_into_a_deep_value_is_refused()
    {
        var path = string.Join('.', Enumerable.Repeat("a", 190));
        Bson.Refused(15, () => Update.Parse(new BsonDocument("$set", new BsonDocument(path, 1)), null, Bson.Variables, false).Apply([], null, false));
    }

    private static BsonDocument Move(BsonDocument document, string from, string to) =>
        Update.Parse(new BsonDocument("$rename", new BsonDocument(from, to)), null, Bson.Variables, false).Apply(document, null, isInsert: false);

    private static void Run(string pipeline) => _ = Pipeline.Parse(Bson.List(pipeline), Bson.Variables, null).Run([Bson.Doc("{ _id: 1 }")]).ToList();
}
