using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Stages.Sequences;

/// <summary>One stage of a pipeline; the scope carries the variables of a pipeline around it.</summary>
internal abstract class Stage
{
    /// <summary>Makes other documents of those that it takes, instead of choosing among them.</summary>
    public virtual bool Shapes => true;

    /// <summary>The fields that it looks at, if it makes what it gives of these alone; <see langword="null"/> for all.</summary>
    public virtual IReadOnlySet<string>? Fields => null;

    public abstract IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer);
}
