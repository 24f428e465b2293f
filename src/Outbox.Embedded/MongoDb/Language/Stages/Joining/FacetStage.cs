using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;

namespace Outbox.Embedded.MongoDb.Language.Stages.Joining;

/// <summary>Several pipelines over the same documents, in one result.</summary>
internal sealed class FacetStage(KeyValuePair<string, StageSequence>[] facets) : Stage
{
    public static FacetStage Parse(BsonValue argument, StageContext context)
    {
        if (argument is not BsonDocument { ElementCount: > 0 } document)
        {
            throw MongoError.Location(40169, "the $facet specification must be a non-empty object");
        }

        return new FacetStage([.. document.Select(facet => new KeyValuePair<string, StageSequence>(facet.Name, Inner(facet, context)))]);
    }

    public override IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> source, Scope? outer)
    {
        var documents = source.ToArray();
        return [new BsonDocument(facets.Select(facet => new BsonElement(facet.Key, new BsonArray(facet.Value.Run(documents, outer)))))];
    }

    private static StageSequence Inner(BsonElement facet, StageContext context)
    {
        var stages = facet.Value as BsonArray ?? throw MongoError.Location(40170, $"arguments to $facet must be arrays, {facet.Name} is not");
        return stages.Any(stage => stage is BsonDocument { ElementCount: 1 } document && document.GetElement(0).Name == "$facet")
            ? throw MongoError.Location(40600, "$facet is not allowed to be used within a $facet stage")
            : context.Inner(stages, "$facet");
    }
}
