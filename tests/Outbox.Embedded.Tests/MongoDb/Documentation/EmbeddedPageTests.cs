using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Indexing;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Updates;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Serving;

namespace Outbox.Embedded.Tests.MongoDb.Documentation;

/// The page says what the server does: no more, and no less.
public sealed class EmbeddedPageTests
{
    private static readonly Variables Variables = new(DateTime.UnixEpoch);

    [Fact]
    public void It_lists_every_command() => AssertSame(CommandTable.Names, EmbeddedPage.NamesIn("Commands"));

    [Fact]
    public void It_lists_every_index_option() => AssertSame(IndexSpec.OptionNames, EmbeddedPage.NamesIn("Index options"));

    [Fact]
    public void It_lists_every_stage() =>
        AssertSame(KnownNames.Stages.Where(name => name == "$changeStream" || Understands(() => Pipeline.Parse([new BsonDocument(name, 1)], Variables, _ => []))), EmbeddedPage.NamesIn("Pipeline stages"));

    [Fact]
    public void It_lists_every_query_operator() =>
        AssertSame(
            KnownNames.Filters.Where(name => Understands(() => Filter.Parse(new BsonDocument("a", new BsonDocument(name, 1)), Variables))
                || Understands(() => Filter.Parse(new BsonDocument(name, 1), Variables))),
            EmbeddedPage.NamesIn("Query operators"));

    [Fact]
    public void It_lists_every_update_operator() =>
        AssertSame(KnownNames.Updates.Where(name => Understands(() => Update.Parse(Nested(name), null, Variables, true))), EmbeddedPage.NamesIn("Update operators"));

    [Fact]
    public void It_lists_every_accumulator() =>
        AssertSame(
            KnownNames.Accumulators.Where(name => Understands(() => Pipeline.Parse([Nested("$group").Merge(new BsonDocument("$group", new BsonDocument { { "_id", 1 }, { "x", new BsonDocument(name, 1) } }), true)], Variables, null))),
            EmbeddedPage.NamesIn("Accumulators"));

    [Fact]
    public void It_lists_every_expression() =>
        AssertSame(
            KnownNames.Expressions.Where(name => Understands(() => Filter.Parse(new BsonDocument("$expr", new BsonDocument(name, 1)), Variables).Matches([]))),
            EmbeddedPage.NamesIn("Expressions"));

    private static BsonDocument Nested(string name) => new(name, new BsonDocument("a", 1));

    /// An error about the argument is an understanding of the name.
    private static bool Understands(Action parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (MongoError error)
        {
            string[] unknown = ["nrecognized", "nknown", "not supported by the embedded server"];
            return !unknown.Any(word => error.Message.Contains(word, StringComparison.Ordinal));
        }
    }

    private static void AssertSame(IEnumerable<string> supported, IReadOnlyList<string> documented)
    {
        var real = supported.Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = real.Except(documented).ToList();
        var wrong = documented.Except(real).ToList();
        Assert.True(missing.Count == 0 && wrong.Count == 0, $"docs/embedded.md: not documented: [{string.Join(' ', missing)}], documented but not supported: [{string.Join(' ', wrong)}]");
    }
}
