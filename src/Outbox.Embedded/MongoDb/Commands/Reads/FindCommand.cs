using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class FindCommand
{
    public static CommandSpec Spec { get; } = new(
        "find",
        Traits.Read | Traits.Transactional,
        Run,
        "filter", "sort", "projection", "hint", "skip", "limit", "batchSize", "singleBatch", "noCursorTimeout", "allowPartialResults", "allowDiskUse", "oplogReplay", "collation");

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var command = context.Command;
        var name = context.Collection;
        var sort = command.OptionalDocument("sort");
        var fields = command.OptionalDocument("projection");
        var limit = command.OptionalLong("limit") ?? 0;
        var query = Query.Parse(command.OptionalDocument("filter") ?? [], context.Variables) with
        {
            Sort = sort is { ElementCount: > 0 } && sort.GetElement(0).Name != "$natural" ? SortSpec.Parse(sort) : null,
            Hint = sort is { ElementCount: > 0 } && sort.GetElement(0).Name == "$natural" ? sort : command.Optional("hint"),
            Skip = command.Natural("skip"),
            Limit = limit == long.MinValue ? throw MongoError.BadValue("limit is out of range") : Math.Abs(limit),
        };
        var projection = fields is { ElementCount: > 0 } ? Projection.Parse(fields, context.Variables) : null;
        var scope = context.ReadScope();
        var found = query.Run(context.Store, context.Store.Catalog.Find(name), scope);
        var documents = projection is null ? found.Select(c => c.Data) : found.Select(c => Raw.Encode(projection.Apply(c.Document)));
        return new(Batches.First(context, new Cursor(name, documents, scope, context.Session), limit < 0 || command.Flag("singleBatch"), command));
    }
}
