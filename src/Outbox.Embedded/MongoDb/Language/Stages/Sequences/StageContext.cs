using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Stages.Sequences;

/// <summary>What stages are read with.</summary>
internal sealed record StageContext(
    ExpressionParser Expressions, Func<BsonArray, StageContext, StageSequence> Sequences, Func<string, IEnumerable<BsonDocument>>? ReadCollection)
{
    /// <summary>Reads a pipeline within a stage.</summary>
    public StageSequence Inner(BsonArray stages) => Sequences(stages, this);
}
