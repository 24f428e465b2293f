using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Projections;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

internal static class FindAndModifyCommand
{
    /// The older spelling is what the shell of old sends.
    public static IEnumerable<CommandSpec> All { get; } = ((string[])["findAndModify", "findandmodify"]).Select(name => new CommandSpec(
        name,
        Traits.Write | Traits.Transactional | Traits.Retryable,
        RunAsync,
        "query", "sort", "remove", "update", "new", "fields", "upsert", "arrayFilters", "hint", "bypassDocumentValidation", "collation", "let"));

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var answer = await new StatementRunner(context).AnswerAsync(0, _ => OneAsync(context)).ConfigureAwait(false);
        return new Reply(answer.DeepClone().AsBsonDocument);
    }

    private static async ValueTask<BsonDocument> OneAsync(CommandContext context)
    {
        var command = context.Command;
        var sort = command.OptionalDocument("sort");
        var fields = command.OptionalDocument("fields");
        var query = Query.Parse(command.OptionalDocument("query") ?? [], context.Variables) with
        {
            Sort = sort is { ElementCount: > 0 } ? SortSpec.Parse(sort) : null,
            Hint = command.Optional("hint"),
            Limit = 1,
        };
        var projection = fields is { ElementCount: > 0 } ? Projection.Parse(fields, context.Variables, query.Filter) : null;
        if (projection is { NeedsMatch: true } && command.Flag("new"))
        {
            throw MongoError.BadValue("cannot use a positional projection and return the new document");
        }

        if (command.Flag("remove"))
        {
            return await RemoveAsync(context, query, projection).ConfigureAwait(false);
        }

        var update = command.Optional("update") ?? throw MongoError.FailedToParse("Either an update or remove=true must be specified");
        var statement = new UpdateStatement(context, query, update, command.OptionalArray("arrayFilters")) { Multi = false, Upsert = command.Flag("upsert") };
        var (modified, inserted) = await statement.FirstAsync(context.Collection).ConfigureAwait(false);
        var outcome = new BsonDocument { { "n", modified is null && inserted is null ? 0 : 1 }, { "updatedExisting", modified is not null } };
        if (inserted is not null)
        {
            outcome.Add("upserted", inserted["_id"]);
        }

        var shown = command.Flag("new") ? modified?.After ?? inserted : modified?.Before;
        return Answer(outcome, shown, projection);
    }

    private static async ValueTask<BsonDocument> RemoveAsync(CommandContext context, Query query, Projection? projection)
    {
        if (context.Command.Optional("update") is not null || context.Command.Flag("upsert") || context.Command.Flag("new"))
        {
            throw MongoError.FailedToParse("Cannot specify remove=true together with update, upsert=true or new=true; 'remove' always returns the deleted document");
        }

        var gone = await new Modifier(context).FirstAsync(context.Collection, query, DeleteCommand.Change).ConfigureAwait(false);
        return Answer(new BsonDocument("n", gone is null ? 0 : 1), gone?.Before, projection);
    }

    private static BsonDocument Answer(BsonDocument outcome, BsonDocument? shown, Projection? projection)
    {
        var value = shown is null ? BsonNull.Value : projection is null ? shown : (BsonValue)projection.Apply(shown);
        return new BsonDocument { { "lastErrorObject", outcome }, { "value", value } };
    }
}
