using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary>One condition on one value; null stands for a missing one.</summary>
internal abstract class ValueTest
{
    /// <summary>True when an array's elements are tried, each by itself, before the array as a whole.</summary>
    public virtual bool TriesElements => true;

    /// <summary>The index keys among which every matching document has one, or null when nothing can be said.</summary>
    public virtual IReadOnlyList<Interval>? Bounds => null;

    public abstract bool Matches(BsonValue? value, Match match);
}
