using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Updates.Tree;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

internal sealed class ModifierUpdate(FieldsNode root, bool positional, bool deep, IReadOnlyDictionary<string, Filter> arrayFilters) : UpdateForm
{
    public override BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert)
    {
        var match = new Match(null, tracked: true);
        if (positional)
        {
            query?.Matches(current, match);
        }

        var updated = (BsonDocument)root.Apply(current, new UpdateContext(current, match.ArrayIndex, isInsert, arrayFilters))!;
        if (current.Find("_id") is { } id && !BsonEquality.Identical(id, updated.Find("_id")))
        {
            throw MongoError.ImmutableField("Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        return deep ? Depth.Checked(updated, Depth.Stored) : updated;
    }
}
