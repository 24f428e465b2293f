using CsCheck;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Language.Stages;

namespace Outbox.Embedded.Tests.Language;

/// <summary>Whatever is asked, the answer is a result or a MongoDB error; any other exception fails the test, with its seed printed.</summary>
public sealed class AnyLanguageTests
{
    private static readonly Gen<BsonValue> Reference = Gen.OneOf<BsonValue>("$a", "$a.b", "$_id", "$$ROOT", "$$NOW", "$$REMOVE", "$c.0", "%Y", "int", "x");

    private static readonly Gen<BsonValue> Operand = Gen.OneOf(AnyBson.Value, Reference, Reference);

    private static readonly Gen<BsonValue> Expression = Nested(Nested(Operand));

    [Fact]
    public void Any_expression() => Try(Gen.Select(Expression, AnyBson.Document), (expression, document) =>
        Pipeline.Parse([new BsonDocument("$project", new BsonDocument("r", expression))], Bson.Variables, null).Run([document]).ToList());

    [Fact]
    public void Any_filter()
    {
        var condition = Gen.Select(Gen.OneOf([.. Vocabulary.QueryOperators]), Operand, Operand.Array[0, 2]).Select((name, one, many) =>
            new BsonDocument(name, name is "$in" or "$nin" or "$all" or "$mod" ? new BsonArray(many) : one));
        var filter = Gen.Select(AnyBson.Path, Gen.OneOf(condition, condition.Select(inner => new BsonDocument("$not", inner)), condition.Select(inner => new BsonDocument("$elemMatch", inner))))
            .Select((path, asked) => new BsonDocument(path, asked));
        Try(Gen.Select(filter, AnyBson.Document), (query, document) => Filter.Parse(query, Bson.Variables).Matches(document));
    }

    [Fact]
    public void Any_stage()
    {
        var named = Gen.Select(Gen.OneOf("path", "size", "newRoot", "from", "as", "localField", "foreignField", "_id", "a", "a.b", "coll", "pipeline"), Expression).Array[0, 4]
            .Select(fields => (BsonValue)new BsonDocument(fields.DistinctBy(field => field.Item1).Select(field => new BsonElement(field.Item1, field.Item2))));
        var argument = Gen.OneOf(named, named, Operand, Gen.Int[0, 3].Select(i => (BsonValue)i));
        var stage = Gen.Select(Gen.OneOf([.. Vocabulary.Stages]), argument).Select((name, value) => (BsonValue)new BsonDocument(name, value));
        Try(Gen.Select(stage.Array[1, 3], AnyBson.Document.Array[0, 4]), (stages, documents) =>
            Pipeline.Parse(new BsonArray(stages), Bson.Variables, _ => documents).Run(documents).ToList());
    }

    [Fact]
    public void Any_projection_and_order() => Try(Gen.Select(AnyBson.DocumentOf(Gen.OneOf(Expression, Gen.Int[0, 1].Select(i => (BsonValue)i))), AnyBson.Document.Array[0, 4]), (specification, documents) =>
    {
        var projection = Projection.Parse(specification, Bson.Variables);
        _ = documents.Select(projection.Apply).ToList();
        _ = SortSpec.Parse(specification).Sort(documents).ToList();
    });

    private static Gen<BsonValue> Nested(Gen<BsonValue> operand)
    {
        var name = Gen.OneOf([.. Vocabulary.Expressions]);
        var call = Gen.Select(name, operand.Array[0, 3]).Select((op, args) => (BsonValue)new BsonDocument(op, args.Length == 1 ? args[0] : new BsonArray(args)));
        var keys = Gen.OneOf("input", "in", "cond", "as", "vars", "to", "date", "format", "timezone", "onError", "initialValue", "chars", "regex", "find", "replacement", "if", "then", "else", "year");
        var named = Gen.Select(name, Gen.Select(keys, operand).Array[1, 3]).Select((op, fields) =>
            (BsonValue)new BsonDocument(op, new BsonDocument(fields.DistinctBy(field => field.Item1).Select(field => new BsonElement(field.Item1, field.Item2)))));
        return Gen.Frequency((3, call), (1, named), (1, operand));
    }

    private static void Try<T1, T2>(Gen<(T1, T2)> cases, Action<T1, T2> action)
    {
        var answered = 0;
        cases.Sample((x, y) =>
        {
            try
            {
                action(x, y);
                answered++;
            }
            catch (MongoError)
            {
                // An answer too.
            }
        }, iter: 20_000, threads: 1);
        Assert.True(answered > 200, $"only {answered} cases had a result");
    }
}
