using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class AggregateCommand
{
    public static CommandSpec Spec { get; } = new(
        "aggregate", Traits.Read | Traits.Transactional, Run, "pipeline", "cursor", "allowDiskUse", "hint", "bypassDocumentValidation", "collation");

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var stages = context.Command.Required<BsonArray>("pipeline");
        var cursor = context.Command.OptionalDocument("cursor")
            ?? throw MongoError.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
        cursor.OnlyKnows("aggregate.cursor", "batchSize");
        if (stages.Count > 0 && stages[0] is BsonDocument { ElementCount: > 0 } first && first.GetElement(0).Name == "$changeStream")
        {
            context.ChangeStream = true;
            return new(ChangeStreamBatches.Open(context, stages, cursor));
        }

        var name = context.Command[0].IsString ? context.Collection : new Namespace(context.Database, "$cmd.aggregate");
        var scope = context.ReadScope();
        var pipeline = Pipeline.Parse(stages, context.Variables, other => Read(context, new Namespace(context.Database, other), new Query([], Filter.Parse([], context.Variables)), scope));
        var source = pipeline.LeadingMatch is { } match && stages[0].AsBsonDocument.TryGetValue("$match", out var written)
            ? new Query(written.AsBsonDocument, match)
            : Query.Parse([], context.Variables);
        var found = Read(context, name, source with { Hint = context.Command.Optional("hint") }, scope);
        var documents = pipeline.Run(found).Select(Raw.Encode);
        return new(Batches.First(context, new Cursor(name, documents, scope, context.Session), single: false, cursor));
    }

    private static IEnumerable<BsonDocument> Read(CommandContext context, Namespace name, Query query, ReadScope scope) =>
        query.Run(context.Store, context.Store.Catalog.Find(name), scope).Select(candidate => candidate.Document);
}
