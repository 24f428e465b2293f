using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

/// <summary>An aggregation expression. Null stands for a missing value, which is not the same as BSON null.</summary>
internal abstract class Expression
{
    /// <summary>Adds the fields of the document at hand that it looks at.</summary>
    /// <returns>Whether these are all.</returns>
    public virtual bool TryAddFields(ISet<string> fields) => false;

    public abstract BsonValue? Evaluate(Scope scope);
}
