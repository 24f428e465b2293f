using CsCheck;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Updates;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class AnyUpdateTests
{
    [Fact]
    public void An_update_succeeds_or_says_why_and_never_touches_the_old_document()
    {
        var applied = 0;
        Gen.Select(AnyUpdate(), AnyBson.Document, AnyBson.Path).Sample((update, document, path) =>
        {
            var before = document.ToJson();
            try
            {
                var query = Filter.Parse(new BsonDocument(path, new BsonDocument("$exists", true)), Bson.Variables);
                Update.Parse(update, null, Bson.Variables, allowReplacement: true).Apply(document, query, isInsert: false);
                applied++;
            }
            catch (MongoError)
            {
                // An answer too; any other exception fails the test.
            }

            Assert.Equal(before, document.ToJson());
        }, iter: 20_000, threads: 1);
        Assert.True(applied > 2_000, $"only {applied} updates were applied");
    }

    [Fact]
    public void An_upsert_matches_its_own_query_equalities()
    {
        var built = 0;
        Gen.Select(AnyBson.Document, AnyUpdate()).Sample((query, update) =>
        {
            BsonDocument document;
            try
            {
                document = Update.BuildUpsert(query, Update.Parse(update, null, Bson.Variables, allowReplacement: true));
            }
            catch (MongoError)
            {
                return;
            }

            built++;
            Assert.Equal("_id", document.GetElement(0).Name);
            Assert.True(!query.TryGetValue("_id", out var id) || id is BsonRegularExpression || BsonOrder.Instance.Same(id, document["_id"]));
        }, iter: 10_000, threads: 1);
        Assert.True(built > 1_000, $"only {built} documents were built");
    }

    private static Gen<BsonDocument> AnyUpdate()
    {
        var path = Gen.Select(AnyBson.Path, Gen.Int[0, 9]).Select((text, kind) => kind == 0 ? text + ".$" : kind == 1 ? text + ".$[]" : text);
        var argument = Gen.Frequency((3, AnyBson.Value), (2, Gen.Int[-1, 1].Select(i => (BsonValue)i)), (1, Gen.Const((BsonValue)new BsonArray { 1, 2 })),
            (1, AnyBson.Value.Array[0, 2].Select(items => (BsonValue)new BsonDocument { { "$each", new BsonArray(items) }, { "$slice", -2 } })),
            (1, Gen.Const((BsonValue)"b")));
        var field = Gen.Select(path, argument).Select((name, value) => new BsonDocument(name, value));
        var modifier = Gen.Select(Gen.OneOf(ModifierParser.Names.ToArray()), field).Select((name, fields) => new BsonElement(name, fields));
        return modifier.Array[1, 3].Select(parts => new BsonDocument(parts.DistinctBy(part => part.Name)));
    }
}
