using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

/// Which index a command would use, and how much it looks at. Nothing is changed by it.
internal static class ExplainCommand
{
    private static readonly HashSet<string> Verbosities = ["queryPlanner", "executionStats", "allPlansExecution"];

    public static CommandSpec Spec { get; } = new("explain", Traits.Read, Run, "verbosity");

    public static Reply Explain(CommandContext context, BsonDocument command, string verbosity)
    {
        var name = new Namespace(context.Database, command[0] is BsonString { Value.Length: > 0 } text ? text.Value
            : throw new MongoError(73, "InvalidNamespace", $"collection name has invalid type or is empty in '{command.GetElement(0).Name}'"));
        if (verbosity != "queryPlanner" && command.OptionalArray("pipeline")?.LastOrDefault() is BsonDocument last && (last.Contains("$out") || last.Contains("$merge")))
        {
            throw MongoError.Location(51029, $"A pipeline that ends with {last.GetElement(0).Name} is explained with the verbosity 'queryPlanner' only");
        }

        var query = QueryOf(command, context.VariablesOf(command));
        var planner = new BsonDocument
        {
            { "plannerVersion", 1 },
            { "namespace", name.ToString() },
            { "indexFilterSet", false },
            { "parsedQuery", query.Source },
            { "winningPlan", Wrapped(command, query, PlanDescription.Of(query, context.Store.Catalog.Find(name))) },
            { "rejectedPlans", new BsonArray() },
        };
        var explained = new BsonDocument("queryPlanner", planner);
        if (verbosity != "queryPlanner")
        {
            explained.Add("executionStats", Executed(context, name, query, planner["winningPlan"]));
        }

        var stages = command.GetElement(0).Name == "aggregate" ? command.Required<BsonArray>("pipeline").Skip(PipelineHead.Read(command, context.VariablesOf(command)).Stages).ToList() : [];
        var reply = stages.Count == 0 ? explained : new BsonDocument("stages", new BsonArray(stages.Prepend(new BsonDocument("$cursor", explained))));
        return new Reply(reply.Add("serverInfo", new BsonDocument("host", context.Server.Node.Address)));
    }

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var verbosity = context.Command.OptionalString("verbosity") ?? "allPlansExecution";
        return Verbosities.Contains(verbosity) ? new(Explain(context, context.Command.Required<BsonDocument>("explain"), verbosity))
            : throw MongoError.FailedToParse("verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}");
    }

    private static Query QueryOf(BsonDocument command, Variables variables) => command.GetElement(0).Name switch
    {
        "find" => FindCommand.Read(command, variables),
        "count" => CountCommand.Read(command, variables),
        "distinct" => Query.Parse(command.OptionalDocument("query") ?? [], variables),
        "aggregate" => PipelineHead.Read(command, variables).Query,
        "findAndModify" or "findandmodify" => Query.Parse(command.OptionalDocument("query") ?? [], variables) with
        {
            Sort = command.OptionalDocument("sort") is { ElementCount: > 0 } sort ? SortSpec.Parse(sort) : null,
            Hint = command.Optional("hint"),
        },
        "update" => Statement(command, "updates", variables),
        "delete" => Statement(command, "deletes", variables),
        var other => throw new MongoError(59, "CommandNotFound", $"Explain failed due to unknown command: {other}"),
    };

    private static Query Statement(BsonDocument command, string field, Variables variables) =>
        command.Required<BsonArray>(field) is [BsonDocument only]
            ? Query.Parse(only.Required<BsonDocument>("q"), variables) with { Hint = only.Optional("hint") }
            : throw MongoError.InvalidOptions("explained write batches must be of size 1");

    /// What becomes of the documents that the query finds.
    private static BsonDocument Wrapped(BsonDocument command, Query query, BsonDocument plan) => command.GetElement(0).Name switch
    {
        "count" when query.Source.ElementCount == 0 && query is { Skip: 0, Limit: 0, Hint: null } => new BsonDocument("stage", "RECORD_STORE_COUNT"),
        "count" => Stage("COUNT", plan),
        "update" => Stage("UPDATE", plan),
        "delete" => Stage("DELETE", plan),
        "findAndModify" or "findandmodify" => Stage(command.Flag("remove") ? "DELETE" : "UPDATE", plan),
        "find" when command.OptionalDocument("projection") is { ElementCount: > 0 } fields => Projected(fields, plan),
        _ => plan,
    };

    private static BsonDocument Stage(string name, BsonDocument input) => new() { { "stage", name }, { "inputStage", input } };

    private static BsonDocument Projected(BsonDocument fields, BsonDocument input)
    {
        var simple = fields.All(field => !field.Name.Contains('.') && (field.Value.IsBoolean || field.Value.IsNumeric));
        return new BsonDocument { { "stage", simple ? "PROJECTION_SIMPLE" : "PROJECTION_DEFAULT" }, { "transformBy", fields }, { "inputStage", input } };
    }

    private static BsonDocument Executed(CommandContext context, Namespace name, Query query, BsonValue plan)
    {
        var (scope, time) = (context.ReadScope(), context.Server.Clock.Time);
        var started = time.GetTimestamp();
        var found = query.Run(context.Store, context.Store.Catalog.Find(name), scope).Count();
        return new BsonDocument
        {
            { "executionSuccess", true },
            { "nReturned", found },
            { "executionTimeMillis", (int)time.GetElapsedTime(started).TotalMilliseconds },
            { "totalKeysExamined", scope.KeysExamined },
            { "totalDocsExamined", scope.DocumentsExamined },
            { "executionStages", plan },
        };
    }
}
