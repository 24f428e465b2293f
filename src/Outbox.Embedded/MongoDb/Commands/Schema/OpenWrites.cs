using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Schema;

/// A collection is dropped or indexed only when no open transaction has written to it.
internal static class OpenWrites
{
    public static async ValueTask AwaitAsync(CommandContext context, Collection collection)
    {
        while (FindWriter(context, collection) is { } writer)
        {
            await context.Budget.WaitAsync(writer.Ended).ConfigureAwait(false);
        }
    }

    private static Transaction? FindWriter(CommandContext context, Collection collection)
    {
        var open = context.Server.Sessions.All().Select(session => session.Transaction).OfType<Transaction>().ToList();
        lock (context.Store.Gate)
        {
            return open.Find(t => t != context.Transaction && t.State == TransactionState.Active && t.Writes.Exists(w => w.Collection == collection));
        }
    }
}
