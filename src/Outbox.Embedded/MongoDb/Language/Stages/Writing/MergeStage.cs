using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages.Writing;

/// <summary><c>$merge</c>: each document meets the one of a collection that has the same key, or becomes a new one.</summary>
internal sealed class MergeStage(OutputTarget target) : OutputStage("$merge", target)
{
    /// <summary>The fields by which documents are the same.</summary>
    public required IReadOnlyList<string> On { get; init; }

    public required WhenMatched WhenMatched { get; init; }

    public required WhenNotMatched WhenNotMatched { get; init; }

    /// <summary>What makes the new document, where a pipeline does.</summary>
    public BsonArray? Transformation { get; init; }

    public IReadOnlyList<KeyValuePair<string, Expression>> Let { get; init; } = [];

    public static MergeStage Parse(BsonValue argument, StageContext context)
    {
        RefuseWithin("$merge", context);
        return MergeParser.Parse(argument, context.Expressions);
    }

    /// <summary>What the pipeline may name: <c>$$new</c>, and what <c>let</c> makes of the new document.</summary>
    public Variables Bind(BsonDocument document, Variables variables)
    {
        var scope = new Scope(document);
        return Let.Aggregate(variables, (bound, each) => bound.With(each.Key, each.Value.Evaluate(scope))).With("new", document);
    }
}

internal enum WhenMatched
{
    Replace,
    KeepExisting,
    Merge,
    Fail,
    Transform,
}

internal enum WhenNotMatched
{
    Insert,
    Discard,
    Fail,
}
