using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Reads;

/// The further batches of a cursor, and its end.
internal static class CursorCommands
{
    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("getMore", Traits.Read | Traits.Transactional, GetMoreAsync, "collection", "batchSize", "term", "lastKnownCommittedOpTime"),
        new("killCursors", Traits.Transactional, Kill, "cursors"),
    ];

    private static async ValueTask<Reply> GetMoreAsync(CommandContext context)
    {
        var id = context.Command.OptionalLong("getMore") ?? 0;
        var name = new Namespace(context.Database, context.Command.Required<BsonString>("collection").Value);
        var cursor = context.Server.Cursors.Find(id) ?? throw NotFound(id);
        if (cursor.Name != name)
        {
            throw new MongoError(13, "Unauthorized", $"Requested getMore on namespace '{name}', but cursor {id} belongs to '{cursor.Name}'");
        }

        if (cursor.Scope.Transaction != context.Transaction || (cursor.Session is { } owner && owner != context.Session))
        {
            throw MongoError.Location(50738, $"Cannot run getMore on cursor {id}, which was created in another session or transaction");
        }

        if (!await cursor.Busy.WaitAsync(0, context.Budget.Cancellation).ConfigureAwait(false))
        {
            throw new MongoError(135, "CursorInUse", $"cursor id {id} is already in use");
        }

        try
        {
            context.ChangeStream = cursor.Stream is not null;
            context.Server.FailPoints.ThrowIfGetMoreFails();
            return cursor.Stream is null ? Next(context, cursor) : await ChangeStreamBatches.NextAsync(context, cursor).ConfigureAwait(false);
        }
        catch (MongoError)
        {
            context.Server.Cursors.Remove(id);
            throw;
        }
        finally
        {
            cursor.Busy.Release();
        }
    }

    private static Reply Next(CommandContext context, Cursor cursor)
    {
        cursor.Scope.Budget = context.Budget;
        cursor.Scope.EnsureSource();
        var size = context.Command.Natural("batchSize");
        var batch = cursor.NextBatch(size == 0 ? long.MaxValue : size);
        if (!cursor.Exhausted)
        {
            cursor.LookAhead();
        }

        if (cursor.Exhausted)
        {
            context.Server.Cursors.Remove(cursor.Id);
            cursor.Dispose();
        }

        return Batches.Answer("nextBatch", cursor, batch, cursor.Exhausted ? 0 : cursor.Id);
    }

    private static ValueTask<Reply> Kill(CommandContext context)
    {
        var (killed, missing) = (new BsonArray(), new BsonArray());
        foreach (var id in context.Command.Required<BsonArray>("cursors"))
        {
            (context.Server.Cursors.Remove(id.ToInt64()) ? killed : missing).Add(id);
        }

        return new(Reply.Ok(new("cursorsKilled", killed), new("cursorsNotFound", missing), new("cursorsAlive", new BsonArray()), new("cursorsUnknown", new BsonArray())));
    }

    private static MongoError NotFound(long id) => new(43, "CursorNotFound", $"cursor id {id} not found");
}
