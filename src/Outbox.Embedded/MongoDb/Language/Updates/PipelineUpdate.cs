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
        foreach (var stage in stages.OfType<BsonDocument>().Where(stage => stage.ElementCount == 1))
        {
            var name = stage.GetElement(0).Name;
            if (name is not ("$addFields" or "$set" or "$project" or "$unset" or "$replaceRoot" or "$replaceWith"))
            {
                // An unknown stage is reported as such by the pipeline's own parser.
                _ = Pipeline.Parse([stage], variables, _ => []);
                throw MongoError.InvalidOptions($"{name} is not allowed to be used within an update");
            }
        }

        return new PipelineUpdate(Pipeline.Parse(stages, variables, null));
    }

    public override BsonDocument Apply(BsonDocument current, Filter? query, bool isInsert)
    {
        var updated = pipeline.Run([current]).Single();
        StorageRules.CheckNames(Depth.Checked(updated, Depth.Stored), "");
        return ReplacementUpdate.Replace(current, updated);
    }
}
