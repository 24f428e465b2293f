using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary>One condition on a whole document.</summary>
internal abstract class FilterNode
{
    public abstract bool Matches(BsonDocument document, Match match);

    public virtual IEnumerable<KeyValuePair<string, BsonValue>> Equalities() => [];
}
