using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Stages.Sequences;

/// <summary>What stages are read with.</summary>
internal sealed record StageContext(
    ExpressionParser Expressions, Func<BsonArray, StageContext, StageSequence> Sequences, Func<string, IEnumerable<BsonDocument>>? ReadCollection)
{
    /// <summary>The stage that the pipeline is a part of, if it is.</summary>
    public string? Within { get; init; }

    /// <summary>Reads a pipeline within a stage.</summary>
    public StageSequence Inner(BsonArray stages, string stage) => Sequences(stages, this with { Within = stage });
}
