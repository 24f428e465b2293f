using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// A collection is dropped, renamed or indexed only when no open transaction has written to it.
internal static class OpenWrites
{
    public static async ValueTask AwaitAsync(CommandContext context, Collection collection)
    {
        while (FindWriter(context, collection) is { } writer)
        {
            await context.Budget.WaitAsync(writer.Ended).ConfigureAwait(false);
        }
    }

    public static Transaction? FindWriter(CommandContext context, Collection collection)
    {
        lock (context.Store.Gate)
        {
            return context.Server.Sessions.All().Select(session => session.Transaction).OfType<Transaction>()
                .FirstOrDefault(t => t != context.Transaction && t.State == TransactionState.Active && t.Writes.Exists(w => w.Collection == collection));
        }
    }
}
