using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters;

namespace Outbox.Embedded.MongoDb.Language.Updates.Tree;

/// <summary>One application of an update.</summary>
internal sealed class UpdateContext(BsonDocument original, int? matchedIndex, bool isInsert, IReadOnlyDictionary<string, Filter> arrayFilters)
{
    public BsonDocument Original { get; } = original;

    public bool IsInsert { get; } = isInsert;

    public int MatchedIndex =>
        matchedIndex ?? throw MongoError.BadValue("The positional operator did not find the match needed from the query.");

    public bool Selects(string identifier, BsonValue element) =>
        identifier.Length == 0 || arrayFilters[identifier].Matches(new BsonDocument(identifier, element));
}
