using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.Tests.Language;

/// <summary>A name that is listed as understood is never answered with "unknown" or "not supported", whatever its argument.</summary>
public sealed class VocabularyTests
{
    [Fact]
    public void Query_operators() => All(Vocabulary.QueryOperators, name =>
        Filter.Parse(name is "$and" or "$or" or "$nor" or "$expr" ? new BsonDocument(name, new BsonArray()) : new BsonDocument("a", new BsonDocument(name, "x")), Bson.Variables));

    [Fact]
    public void Update_modifiers() => All(Vocabulary.UpdateModifiers, name =>
        Update.Parse(new BsonDocument(name, new BsonDocument("a", "x")), null, Bson.Variables, allowReplacement: false));

    [Fact]
    public void Expressions() => All(Vocabulary.Expressions, name =>
        Filter.Parse(new BsonDocument("$expr", new BsonDocument(name, new BsonArray { "$a", 1 })), Bson.Variables));

    [Fact]
    public void Stages() => All(Vocabulary.Stages, name => Pipeline.Parse([new BsonDocument(name, "x")], Bson.Variables, _ => []));

    [Fact]
    public void Accumulators() => All(Vocabulary.Accumulators, name =>
        Pipeline.Parse([Bson.Doc($"{{ $group: {{ _id: 1, n: {{ {name}: '$x' }} }} }}")], Bson.Variables, null));

    private static void All(IReadOnlyList<string> names, Action<string> parse)
    {
        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            try
            {
                parse(name);
            }
            catch (MongoError error)
            {
                Assert.True(error.Code is not (168 or 238 or 40324 or 15952 or 31325), $"{name}: {error.Message}");
                Assert.DoesNotMatch("^(unknown operator|unknown top level operator|Unknown modifier)", error.Message);
            }
        }
    }
}
