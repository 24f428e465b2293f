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

    /// <summary>The fields of the documents that come in that it looks at; <see langword="null"/> for all.</summary>
    public IReadOnlySet<string>? Fields => _stages.Fields;

    /// <summary>Where the documents go, if not to whoever asked; <see cref="Run"/> yields them all the same.</summary>
    public OutputStage? Output => _stages.Last as OutputStage;

    public static Pipeline Parse(BsonArray stages, Variables vars, Func<string, IEnumerable<BsonDocument>>? readCollection) =>
        new(StageParser.Parse(stages, new StageContext(Operators.Parser(vars), StageParser.Parse, readCollection)));

    /// <summary>What is left of it where the query has done its first stages.</summary>
    public Pipeline Behind(int stages) => new(_stages.Behind(stages));

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source) => _stages.Run(source, null);
}
