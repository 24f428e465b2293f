using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

/// <summary>Joins what a pipeline over the other collection yields, with variables from this document.</summary>
internal sealed class PipelineLookupStage(
    Func<IEnumerable<BsonDocument>> read, string target, KeyValuePair<string, Expression>[] variables, StageSequence pipeline) : Stage
{
    private readonly FieldPath _target = new(target);

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        BsonDocument[]? others = null;
        foreach (var document in source)
        {
            others ??= [.. read()];
            var here = new Scope(document, outer);
            var bound = here;
            foreach (var (name, expression) in variables)
            {
                bound = bound.Bind(name, expression.Evaluate(here));
            }

            yield return Joined.Put(document, _target, new BsonArray(pipeline.Run(others, bound)));
        }
    }
}
