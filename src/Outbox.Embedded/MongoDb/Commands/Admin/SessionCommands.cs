using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Admin;

/// Sessions, and the end of transactions.
internal static class SessionCommands
{
    private const Traits Ends = Traits.Write | Traits.Admin | Traits.Transactional | Traits.EndsTransaction;

    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("startSession", Traits.None, Start),
        new("endSessions", Traits.None, End),
        new("killSessions", Traits.None, Kill),
        new("killAllSessions", Traits.None, KillAll),
        new("refreshSessions", Traits.None, Refresh),
        new("commitTransaction", Ends, Commit, "recoveryToken"),
        new("abortTransaction", Ends, Abort, "recoveryToken"),
    ];

    private static ValueTask<Reply> Start(CommandContext context)
    {
        var id = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        context.Server.Sessions.Find(id);
        return new(Reply.Ok(new("id", id), new("timeoutMinutes", (int)Sessions.Timeout.TotalMinutes)));
    }

    private static ValueTask<Reply> End(CommandContext context)
    {
        foreach (var id in Ids(context))
        {
            context.Server.Sessions.End([id]);
            context.Server.Cursors.RemoveOf(cursor => cursor.Session is { } owner && owner.Id["id"] == id);
        }

        return new(Reply.Ok());
    }

    private static ValueTask<Reply> Kill(CommandContext context) => Killed(context, [.. Ids(context)]);

    private static ValueTask<Reply> KillAll(CommandContext context) => Killed(context, [.. context.Server.Sessions.All().Select(s => s.Id["id"])]);

    private static ValueTask<Reply> Killed(CommandContext context, HashSet<BsonValue> ids)
    {
        foreach (var id in ids)
        {
            context.Server.Sessions.Kill(id, context.Budget);
        }

        context.Server.Cursors.RemoveOf(cursor => cursor.Session is { } owner && ids.Contains(owner.Id["id"]));
        return new(Reply.Ok());
    }

    private static ValueTask<Reply> Refresh(CommandContext context)
    {
        foreach (var id in Ids(context))
        {
            context.Server.Sessions.Find(new BsonDocument("id", id));
        }

        return new(Reply.Ok());
    }

    private static ValueTask<Reply> Commit(CommandContext context)
    {
        var transaction = Required(context);
        if (transaction.State != TransactionState.Committed)
        {
            context.Store.Writes.Commit(transaction);
        }

        context.OperationTime = transaction.CommitTimestamp;
        return new(Reply.Ok());
    }

    private static ValueTask<Reply> Abort(CommandContext context)
    {
        var transaction = Required(context);
        if (transaction.State != TransactionState.Active)
        {
            throw transaction.NotActive();
        }

        context.Store.Writes.Abort(transaction);
        context.Server.Cursors.RemoveOf(cursor => cursor.Scope.Transaction == transaction);
        return new(Reply.Ok());
    }

    private static Transaction Required(CommandContext context) => context.Transaction
        ?? throw new MongoError(125, "CommandFailed", $"{context.Name} must be run within a transaction");

    private static IEnumerable<BsonValue> Ids(CommandContext context) =>
        context.Command.Required<BsonArray>(context.Name).Select(id => id is BsonDocument document && document.TryGetValue("id", out var key)
            ? key
            : throw MongoError.FailedToParse($"{context.Name} takes an array of {{ id: <UUID> }}"));
}
