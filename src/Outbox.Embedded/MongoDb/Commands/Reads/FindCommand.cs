using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

internal static class FindCommand
{
    public static CommandSpec Spec { get; } = new(
        "find",
        Traits.Read | Traits.Transactional,
        Run,
        "filter", "sort", "projection", "hint", "skip", "limit", "batchSize", "singleBatch", "noCursorTimeout", "allowPartialResults", "allowDiskUse", "oplogReplay", "collation", "let");

    private static ValueTask<Reply> Run(CommandContext context)
    {
        var command = context.Command;
        var name = context.Collection;
        var query = Read(command, context.Variables);
        var fields = command.OptionalDocument("projection");
        var projection = fields is { ElementCount: > 0 } ? Projection.Parse(fields, context.Variables, query.Filter) : null;
        var scope = context.ReadScope();
        var found = query.Run(context.Store, context.Store.Catalog.Find(name), scope);
        var documents = projection is null ? found.Select(c => c.Data) : found.Select(c => Raw.Encode(projection.Apply(c.Document)));
        var single = command.OptionalLong("limit") < 0 || command.Flag("singleBatch");
        return new(Batches.First(context, new Cursor(name, documents, scope, context.Session), single, command));
    }

    public static Query Read(BsonDocument command, Variables variables)
    {
        CheckTypes(command);
        var sort = command.OptionalDocument("sort");
        var natural = sort is { ElementCount: > 0 } && sort.GetElement(0).Name == "$natural";
        var limit = command.OptionalLong("limit") ?? 0;
        return Query.Parse(command.OptionalDocument("filter") ?? [], variables) with
        {
            Sort = sort is { ElementCount: > 0 } && !natural ? SortSpec.Parse(sort) : null,
            Hint = natural ? sort : command.Optional("hint"),
            Skip = command.Natural("skip"),
            Limit = limit == long.MinValue ? throw MongoError.BadValue("limit is out of range") : Math.Abs(limit),
        };
    }

    private static void CheckTypes(BsonDocument command)
    {
        foreach (var name in (string[])["filter", "sort", "projection"])
        {
            if (command.Optional(name) is { IsBsonDocument: false } other)
            {
                throw MongoError.FailedToParse($"Failed to parse: {name}: {other}. '{name}' field must be of BSON type object.");
            }
        }

        foreach (var name in (string[])["skip", "limit", "batchSize"])
        {
            if (command.Optional(name) is { IsNumeric: false } other)
            {
                throw MongoError.FailedToParse($"Failed to parse: {name}: {other}. '{name}' field must be numeric.");
            }
        }
    }
}
