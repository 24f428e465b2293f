using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

internal sealed class ReplacementUpdate(BsonDocument replacement) : UpdateForm
{
    public override bool StartsFromQuery => false;

    public static ReplacementUpdate Parse(BsonDocument replacement)
    {
        StorageRules.CheckNames(Depth.Checked(replacement, Depth.Stored), "");
        return new ReplacementUpdate(replacement);
    }

    /// <summary>The new document keeps the old one's <c>_id</c>, and must not bring another.</summary>
    public static BsonDocument Replace(BsonDocument current, BsonDocument replacement)
    {
        var (old, id) = (current.Find("_id"), replacement.Find("_id"));
        if (old is not null && id is not null && !BsonOrder.Instance.Same(old, id))
        {
            throw MongoError.ImmutableField($"After applying the update, the (immutable) field '_id' was found to have been altered to {ShellText.Element("_id", id)}");
        }

        if (id is null && old is not null)
        {
            var kept = new BsonDocument("_id", old);
            kept.AddRange(replacement);
            return kept;
        }

        return replacement;
    }

    public override BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert) => Replace(current, replacement);
}
