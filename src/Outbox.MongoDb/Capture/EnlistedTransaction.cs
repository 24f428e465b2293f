using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Loading;
using Outbox.Messages;
using Outbox.MongoDb.History;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Capture;

/// <summary>A transaction that somebody else began and will end. Its end is not seen here, so each message is written when it is captured.</summary>
internal sealed class EnlistedTransaction(
    IClientSessionHandle session, CaptureBuffer buffer, TransactionSessions sessions, MessageStore messages, HistoryAccess histories) : BufferedTransaction(buffer)
{
    private TransactionHistory? _history;

    private readonly Lock _gate = new();

    public IClientSessionHandle Session => session.IsInTransaction ? session : throw NotInTransaction();

    internal override T? Feature<T>()
        where T : class => (_history ??= histories.In(this, session)) as T;

    internal override bool HoldsBack => false;

    public static OutboxException NotInTransaction() => new(
        "The session has no transaction: it was not started yet, or was committed or aborted. Call session.StartTransaction() first, and Enlist again for each transaction.");

    internal override void Capture(CapturedCall call, MessageOptions? options)
    {
        lock (_gate)
        {
            var enlisted = Session;
            var message = Buffer.Add(call, options);

            // The call has no way to wait but this one, and the message must be in the transaction when it returns: its owner may commit next.
            // It blocks on the sockets themselves: an asynchronous write would need a thread of the pool to go on, and those may all be waiting here.
            StoreAsync(enlisted, message).GetAwaiter().GetResult();
        }
    }

    private async Task StoreAsync(IClientSessionHandle enlisted, OutboxMessage message)
    {
        using var followed = await sessions.FollowAsync(enlisted, blocking: true, CancellationToken.None).ConfigureAwait(false);
        await messages.InsertAsync(enlisted, [message], Buffer.Heads, blocking: true, CancellationToken.None).ConfigureAwait(false);
    }
}
