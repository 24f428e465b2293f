using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Stages;

namespace Outbox.Embedded.MongoDb.Language;

/// <summary>An aggregation pipeline, read once.</summary>
internal sealed class Pipeline
{
    private readonly Stage[] _stages;

    private Pipeline(Stage[] stages) => _stages = stages;

    /// <summary>The condition on the source documents, if the pipeline begins with one; <see cref="Run(IEnumerable{BsonDocument})"/> applies it all the same.</summary>
    public Filter? LeadingMatch => _stages is [MatchStage first, ..] ? first.Filter : null;

    public static Pipeline Parse(BsonArray stages, Variables vars, Func<string, IEnumerable<BsonDocument>>? readCollection) =>
        Parse(stages, new StageContext(new ExpressionParser(vars), vars, readCollection));

    internal static Pipeline Parse(BsonArray stages, StageContext context) => new([.. stages.Select(stage => StageParser.Parse(stage, context))]);

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source) => Run(source, null);

    internal IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer) =>
        _stages.Aggregate(source, (documents, stage) => stage.Run(documents, outer));
}
