using MassTransit;

namespace Outbox.Inbox;

/// <summary>
/// A message of several consumers. MassTransit runs them at the same moment, and their transactions write one record, so each waits for its turn here instead of meeting the others in the
/// database. A payload of the receive context.
/// </summary>
internal sealed class SharedMessage : IDisposable
{
    private static long _last;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, Func<Task>> _consumed = new(StringComparer.Ordinal);

    /// <summary>Who needs the turns of several messages takes them in this order, so that no two wait for each other.</summary>
    public long Number { get; } = Interlocked.Increment(ref _last);

    public static SharedMessage Of(ConsumeContext context) => context.ReceiveContext.GetOrAddPayload(static () => new SharedMessage());

    /// <returns>The message with its turn, to be given back; <see langword="null"/> where it has one consumer.</returns>
    public static async ValueTask<SharedMessage?> TakeAsync(ConsumeContext context, InboxRecord record)
    {
        if (!record.IsShared)
        {
            return null;
        }

        var message = Of(context);
        await message.TakeAsync(context.CancellationToken).ConfigureAwait(false);
        return message;
    }

    public Task TakeAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <summary>
    /// MassTransit takes a message that one consumer has consumed for delivered, and then passes over the failure of a batch that it is in: it is told of all consumers when the last is done.
    /// For who has the turn.
    /// </summary>
    public async Task ConsumedAsync(InboxRecord record, Func<Task> notify)
    {
        _consumed[record.Consumer!] = notify;
        if (!record.Consumers.All(_consumed.ContainsKey))
        {
            return;
        }

        foreach (var consumed in _consumed.Values)
        {
            await consumed().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the turn to the next.</summary>
    public void Dispose() => _turn.Release();
}
