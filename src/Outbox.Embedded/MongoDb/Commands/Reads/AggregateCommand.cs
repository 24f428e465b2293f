using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands.Outputs;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class AggregateCommand
{
    public static CommandSpec Spec { get; } = new(
        "aggregate", Traits.Read | Traits.Transactional, RunAsync, "pipeline", "cursor", "explain", "allowDiskUse", "hint", "bypassDocumentValidation", "collation", "let");

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var stages = context.Command.Required<BsonArray>("pipeline");
        if (context.Command.Flag("explain"))
        {
            return ExplainCommand.Explain(context, context.Command, "queryPlanner");
        }

        var cursor = context.Command.OptionalDocument("cursor")
            ?? throw MongoError.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
        cursor.OnlyKnows("aggregate.cursor", "batchSize");
        if (stages.Count > 0 && stages[0] is BsonDocument { ElementCount: > 0 } first && first.GetElement(0).Name == "$changeStream")
        {
            context.ChangeStream = true;
            return ChangeStreamBatches.Open(context, stages, cursor);
        }

        var name = context.Command[0].IsString ? context.Collection : new Namespace(context.Database, "$cmd.aggregate");
        var scope = context.ReadScope();
        var pipeline = Pipeline.Parse(stages, context.Variables, other => Read(context, new Namespace(context.Database, other), new Query([], Filter.Parse([], context.Variables)), scope));
        var head = PipelineHead.Read(context.Command, context.Variables);
        var rest = pipeline.Behind(head.Stages);
        var found = Find(context, name, head.Query, scope);
        var documents = rest.Run(rest.Fields is { } fields ? found.Select(candidate => candidate.With(fields)) : found.Select(candidate => candidate.Document));
        if (pipeline.Output is { } output)
        {
            await OutputWriter.WriteAsync(context, output, documents).ConfigureAwait(false);
            documents = [];
        }

        return Batches.First(context, new Cursor(name, documents.Select(Raw.Encode), scope, context.Session), single: false, cursor);
    }

    private static IEnumerable<BsonDocument> Read(CommandContext context, Namespace name, Query query, ReadScope scope) =>
        Find(context, name, query, scope).Select(candidate => candidate.Document);

    private static IEnumerable<Candidate> Find(CommandContext context, Namespace name, Query query, ReadScope scope) => query.Run(context.Store, context.Store.Catalog.Find(name), scope);
}
