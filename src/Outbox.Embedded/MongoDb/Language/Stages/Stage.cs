using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>One stage of a pipeline; the scope carries the variables of a pipeline around it.</summary>
internal abstract class Stage
{
    public abstract IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer);
}
