namespace Outbox.Inbox.Batches;

/// <summary>The turns of those messages of a batch that other consumers process too.</summary>
internal sealed class BatchTurns : IDisposable
{
    private readonly List<SharedMessage> _taken = [];

    /// <summary>All in the order that everyone takes them in.</summary>
    public static async Task<BatchTurns?> TakeAsync<TMessage>(IReadOnlyCollection<BatchItem<TMessage>> items)
        where TMessage : class
    {
        var shared = items.Where(item => item.Record.IsShared).ToList();
        if (shared.Count == 0)
        {
            return null;
        }

        var turns = new BatchTurns();
        try
        {
            foreach (var message in shared.Select(item => SharedMessage.Of(item.Context)).OrderBy(message => message.Number))
            {
                await message.TakeAsync(shared[0].Context.CancellationToken).ConfigureAwait(false);
                turns._taken.Add(message);
            }

            return turns;
        }
        catch
        {
            turns.Dispose();
            throw;
        }
    }

    public void Dispose() => _taken.ForEach(message => message.Dispose());
}
