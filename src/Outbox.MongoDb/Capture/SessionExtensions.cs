using MassTransit;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.MongoDb.Capture;

namespace Outbox;

/// <summary>Gives MongoDB's session of a running transaction.</summary>
public static class SessionExtensions
{
    extension(IOutboxTransaction transaction)
    {
        /// <summary>The session to pass to every write that belongs to the transaction. Use it from one flow at a time: MongoDB sessions are not thread-safe.</summary>
        /// <exception cref="OutboxException">The transaction has ended, or is not MongoDB's.</exception>
        public IClientSessionHandle Session => transaction switch
        {
            MongoOutboxTransaction mongo => mongo.Session,
            EnlistedTransaction enlisted => enlisted.Session,
            WithoutTransaction without => throw without.Refuse("A session belongs to a transaction"),
            _ => throw new OutboxException($"A {transaction.GetType().Name} has no MongoDB session: this service's outbox is not stored by UseMongoDb. "
                + "In a test of code that writes MongoDB, call UseMongoDb with the server of Outbox.Embedded, and UseInMemoryBroker."),
        };
    }

    /// <summary>
    /// Captures messages in a transaction that is not the outbox's: its owner begins it, and commits or aborts it. Each message is written when <c>Publish</c> returns, so nothing else is to be
    /// done, and errors of the database come from there. Where the code is yours to change, <see cref="IOutbox.ExecuteAsync(Func{IOutboxTransaction, CancellationToken, Task}, CancellationToken)"/>
    /// is better: it writes all messages at once, does not block, and runs again after transient errors.
    /// </summary>
    /// <param name="outbox">The outbox.</param>
    /// <param name="session">A session of the outbox's client, with a transaction.</param>
    /// <returns>The transaction, for this one of the session's. To have injected endpoints join it: <c>using (AmbientTransaction.Enter(transaction))</c>.</returns>
    /// <exception cref="OutboxException">The session has no transaction, or the outbox is not MongoDB's.</exception>
    public static IOutboxTransaction Enlist(this IOutbox outbox, IClientSessionHandle session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return outbox is MongoOutbox mongo
            ? mongo.Enlist(session)
            : throw new OutboxException($"A {outbox.GetType().Name} takes part in no MongoDB transaction: this service's outbox is not stored by UseMongoDb.");
    }

    /// <summary>The session of the transaction that a consumer runs in.</summary>
    /// <exception cref="OutboxException">The consumer's endpoint has no inbox, or one without transactions, or its inbox is not MongoDB's.</exception>
    public static IClientSessionHandle Session(this ConsumeContext context) =>
        context.TryGetPayload<IOutboxTransaction>(out var transaction)
            ? transaction.Session
            : throw new OutboxException("This consumer runs without a transaction. Its endpoint needs the inbox: endpoints of UsingKafkaOutbox have it; elsewhere call e.UseInbox(context).");
}
