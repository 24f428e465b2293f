using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters;

namespace Outbox.Embedded.MongoDb.Language.Updates;

/// <summary>One of the three forms of an update: modifiers, a replacement, or a pipeline.</summary>
internal abstract class UpdateForm
{
    /// <summary>True when an upsert starts from all that its query requires, not from the <c>_id</c> alone.</summary>
    public virtual bool StartsFromQuery => true;

    public abstract BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert);
}
