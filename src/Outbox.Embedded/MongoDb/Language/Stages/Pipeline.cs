using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Stages.Writing;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>An aggregation pipeline, read once.</summary>
internal sealed class Pipeline
{
    private readonly StageSequence _stages;

    private Pipeline(StageSequence stages) => _stages = stages;

    /// <summary>The condition on the source documents, if the pipeline begins with one; <see cref="Run"/> applies it all the same.</summary>
    public Filter? LeadingMatch => (_stages.First as MatchStage)?.Filter;

    /// <summary>Where the documents go, if not to whoever asked; <see cref="Run"/> yields them all the same.</summary>
    public OutputStage? Output => _stages.Last as OutputStage;

    public static Pipeline Parse(BsonArray stages, Variables vars, Func<string, IEnumerable<BsonDocument>>? readCollection) =>
        new(StageParser.Parse(stages, new StageContext(Operators.Parser(vars), StageParser.Parse, readCollection)));

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source) => _stages.Run(source, null);
}
