using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Stages;

namespace Outbox.Embedded.MongoDb.Language;

/// <summary>An aggregation pipeline, read once.</summary>
internal sealed class Pipeline
{
    private readonly Stage[] _stages;

    private readonly bool _shapes;

    private Pipeline(Stage[] stages)
    {
        _stages = stages;
        _shapes = Array.Exists(stages, stage => stage is not (MatchStage or SortStage or LimitStage or SkipStage or SampleStage));
    }

    /// <summary>The condition on the source documents, if the pipeline begins with one; <see cref="Run(IEnumerable{BsonDocument})"/> applies it all the same.</summary>
    public Filter? LeadingMatch => _stages is [MatchStage first, ..] ? first.Filter : null;

    public static Pipeline Parse(BsonArray stages, Variables vars, Func<string, IEnumerable<BsonDocument>>? readCollection) =>
        Parse(stages, new StageContext(new ExpressionParser(vars), vars, readCollection));

    internal static Pipeline Parse(BsonArray stages, StageContext context) => new([.. stages.Select(stage => StageParser.Parse(stage, context))]);

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source) => Run(source, null);

    internal IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        for (var i = 0; i < _stages.Length; i++)
        {
            source = _stages[i].Run(source, outer);

            // Stages may nest documents deeper; a look now and then, and at the end, keeps them within what can be walked.
            source = _shapes && (i % 16 == 15 || i == _stages.Length - 1) ? source.Select(document => Depth.Checked(document)) : source;
        }

        return source;
    }
}
