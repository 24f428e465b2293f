using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Language.Stages.Grouping;
using Outbox.Embedded.MongoDb.Language.Stages.Joining;
using Outbox.Embedded.MongoDb.Language.Stages.Sequences;
using Outbox.Embedded.MongoDb.Language.Stages.Shaping;
using Outbox.Embedded.MongoDb.Language.Stages.Writing;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>Reads the stages of a pipeline.</summary>
internal static class StageParser
{
    private static readonly Dictionary<string, Func<BsonValue, StageContext, Stage>> Readers = new(StringComparer.Ordinal)
    {
        ["$match"] = (argument, context) => new MatchStage(
            Filter.Parse(Document(15959, "the match filter must be an expression in an object", argument), context.Expressions)),
        ["$sort"] = (argument, _) => SortStage.Parse(argument),
        ["$limit"] = (argument, _) => LimitStage.Parse(argument),
        ["$skip"] = (argument, _) => SkipStage.Parse(argument),
        ["$sample"] = (argument, _) => SampleStage.Parse(argument),
        ["$project"] = ProjectStage.Parse,
        ["$set"] = (argument, context) => Additions("$set", argument, context),
        ["$addFields"] = (argument, context) => Additions("$addFields", argument, context),
        ["$unset"] = (argument, _) => ProjectStage.ParseUnset(argument),
        ["$replaceRoot"] = ReplaceRootStage.ParseRoot,
        ["$replaceWith"] = (argument, context) => new ReplaceRootStage(context.Expressions.Operand(argument)),
        ["$unwind"] = (argument, _) => UnwindStage.Parse(argument),
        ["$group"] = GroupStage.Parse,
        ["$bucket"] = BucketStage.Parse,
        ["$count"] = (argument, _) => CountStage.Parse(argument),
        ["$sortByCount"] = GroupStage.ParseSortByCount,
        ["$lookup"] = LookupParser.Parse,
        ["$unionWith"] = UnionStage.Parse,
        ["$facet"] = FacetStage.Parse,
        ["$out"] = OutStage.Parse,
        ["$merge"] = MergeStage.Parse,
    };

    private static readonly HashSet<string> Refused =
    [
        "$bucketAuto", "$collStats", "$currentOp", "$geoNear", "$graphLookup", "$indexStats", "$listLocalSessions", "$listSessions",
        "$planCacheStats", "$redact", "$changeStream",
    ];

    public static IEnumerable<string> Names => Readers.Keys;

    /// <summary>True for what MongoDB knows and this server does not.</summary>
    public static bool Refuses(string name) => Refused.Contains(name);

    public static StageSequence Parse(BsonArray stages, StageContext context)
    {
        Stage[] parsed = [.. stages.Select(stage => Parse(stage, context))];
        return Array.Find(parsed, stage => stage is OutputStage && stage != parsed[^1]) is OutputStage early
            ? throw MongoError.Location(40601, $"{early.Name} can only be the final stage in the pipeline") : new StageSequence(parsed);
    }

    private static Stage Parse(BsonValue stage, StageContext context)
    {
        if (stage is not BsonDocument document)
        {
            throw MongoError.TypeMismatch("Each element of the 'pipeline' array must be an object");
        }

        return document.ElementCount == 1 ? Parse(document.GetElement(0).Name, document[0], context)
            : throw MongoError.Location(40323, "A pipeline stage specification object must contain exactly one field.");
    }

    private static Stage Parse(string name, BsonValue argument, StageContext context) =>
        Readers.TryGetValue(name, out var read) ? read(argument, context)
        : Refused.Contains(name) ? throw MongoError.NotImplemented($"The pipeline stage {name}")
        : throw MongoError.Location(40324, $"Unrecognized pipeline stage name: '{name}'");

    private static ProjectStage Additions(string name, BsonValue argument, StageContext context) => new(new ProjectionParser(context.Expressions)
        .ParseAdditions(Document(40272, $"{name} specification stage must be an object, got {TypeNames.Of(argument)}", argument)));

    private static BsonDocument Document(int code, string problem, BsonValue argument) => argument as BsonDocument ?? throw MongoError.Location(code, problem);
}
