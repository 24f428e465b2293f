using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Updates;

internal sealed class PipelineUpdate(Pipeline pipeline) : UpdateForm
{
    public static PipelineUpdate Parse(BsonArray stages, Variables variables)
    {
        // All stages are read before one is refused: a stage that nobody knows is reported as such.
        var known = new BsonArray(stages.Where(stage => stage is not BsonDocument { ElementCount: 1 } document || !StageParser.Refuses(document.GetElement(0).Name)));
        var pipeline = Pipeline.Parse(known, variables, _ => []);
        foreach (var stage in stages)
        {
            var name = stage.AsBsonDocument.GetElement(0).Name;
            if (name is not ("$addFields" or "$set" or "$project" or "$unset" or "$replaceRoot" or "$replaceWith"))
            {
                throw MongoError.InvalidOptions($"{name} is not allowed to be used within an update");
            }
        }

        return new PipelineUpdate(pipeline);
    }

    public override BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert)
    {
        var updated = pipeline.Run([current]).Single();
        StorageRules.CheckNames(Depth.Checked(updated, Depth.Stored), "");
        return ReplacementUpdate.Replace(current, updated);
    }
}
