using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Writing;

/// <summary>A last stage, which says where the documents go. Whoever runs the pipeline writes them there.</summary>
internal abstract class OutputStage(string name, OutputTarget target) : Stage
{
    public string Name { get; } = name;

    public OutputTarget Target { get; } = target;

    public override bool Shapes => false;

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) => source;

    /// <summary>A pipeline within a stage only reads.</summary>
    protected static void RefuseWithin(string name, StageContext context) => _ = context.Within switch
    {
        null => name,
        "$lookup" => throw MongoError.Location(51047, $"{name} is not allowed within a $lookup's sub-pipeline"),
        "$unionWith" => throw MongoError.Location(31441, $"{name} is not allowed within a $unionWith's sub-pipeline"),
        var stage => throw MongoError.Location(40600, $"{name} is not allowed to be used within a {stage} stage"),
    };
}
