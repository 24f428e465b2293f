using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

internal static class DeleteCommand
{
    public static CommandSpec Spec { get; } = new("delete", Traits.Write | Traits.Transactional | Traits.Retryable, RunAsync, "deletes", "ordered", "let");

    public static Change Change { get; } = new(ChangeKind.Delete, _ => null);

    private static async ValueTask<Reply> RunAsync(CommandContext context)
    {
        var statements = context.Documents("deletes");
        var runner = new StatementRunner(context);
        var deleted = 0L;
        await runner.RunAsync(statements.Count, index => OneAsync(context, statements[index].Document), (_, answer) => deleted += answer["n"].ToInt64())
            .ConfigureAwait(false);
        return runner.Reply(new BsonDocument("n", (int)deleted));
    }

    private static async ValueTask<BsonDocument> OneAsync(CommandContext context, BsonDocument source)
    {
        source.OnlyKnows("delete.deletes", "q", "limit", "hint", "collation");
        source.RefuseCollation();
        var query = Query.Parse(source.Required<BsonDocument>("q"), context.Variables) with { Hint = source.Optional("hint") };
        var limit = source.Required<BsonValue>("limit").ToDouble();
        var modifier = new Modifier(context);
        switch (limit)
        {
            case 1:
                var gone = await modifier.FirstAsync(context.Collection, query, Change).ConfigureAwait(false);
                return new BsonDocument("n", gone is null ? 0 : 1);
            case 0 when context.Retryable:
                throw MongoError.InvalidOptions("Cannot use retryable writes with limit=0");
            case 0:
                var (matched, _) = await modifier.AllAsync(context.Collection, query, Change).ConfigureAwait(false);
                return new BsonDocument("n", matched);
            default:
                throw MongoError.FailedToParse($"The limit field in delete objects must be 0 or 1. Got {limit}");
        }
    }
}
