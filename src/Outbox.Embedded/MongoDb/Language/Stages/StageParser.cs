using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Language.Stages.Grouping;
using Outbox.Embedded.MongoDb.Language.Stages.Joining;
using Outbox.Embedded.MongoDb.Language.Stages.Shaping;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Stages;

/// <summary>Reads one stage.</summary>
internal static class StageParser
{
    private static readonly HashSet<string> Refused =
    [
        "$bucket", "$bucketAuto", "$collStats", "$currentOp", "$geoNear", "$graphLookup", "$indexStats", "$listLocalSessions", "$listSessions",
        "$merge", "$out", "$planCacheStats", "$redact", "$changeStream",
    ];

    public static Stage Parse(BsonValue stage, StageContext context)
    {
        if (stage is not BsonDocument document)
        {
            throw MongoError.TypeMismatch("Each element of the 'pipeline' array must be an object");
        }

        return document.ElementCount == 1 ? Parse(document.GetElement(0).Name, document[0], context)
            : throw MongoError.Location(40323, "A pipeline stage specification object must contain exactly one field.");
    }

    private static Stage Parse(string name, BsonValue argument, StageContext context) => name switch
    {
        "$match" => new MatchStage(Filter.Parse(Document(15959, "the match filter must be an expression in an object", argument), context.Expressions)),
        "$sort" => SortStage.Parse(argument),
        "$limit" => LimitStage.Parse(argument),
        "$skip" => SkipStage.Parse(argument),
        "$sample" => SampleStage.Parse(argument),
        "$project" => ProjectStage.Parse(argument, context),
        "$set" or "$addFields" => new ProjectStage(new ProjectionParser(context.Expressions)
            .ParseAdditions(Document(40272, $"{name} specification stage must be an object, got {TypeNames.Of(argument)}", argument))),
        "$unset" => ProjectStage.ParseUnset(argument),
        "$replaceRoot" => ReplaceRootStage.ParseRoot(argument, context),
        "$replaceWith" => new ReplaceRootStage(context.Expressions.Operand(argument)),
        "$unwind" => UnwindStage.Parse(argument),
        "$group" => GroupStage.Parse(argument, context),
        "$count" => CountStage.Parse(argument),
        "$sortByCount" => GroupStage.ParseSortByCount(argument, context),
        "$lookup" => LookupParser.Parse(argument, context),
        "$unionWith" => UnionStage.Parse(argument, context),
        "$facet" => FacetStage.Parse(argument, context),
        _ when Refused.Contains(name) => throw MongoError.NotImplemented($"The pipeline stage {name}"),
        _ => throw MongoError.Location(40324, $"Unrecognized pipeline stage name: '{name}'"),
    };

    private static BsonDocument Document(int code, string problem, BsonValue argument) => argument as BsonDocument ?? throw MongoError.Location(code, problem);
}
