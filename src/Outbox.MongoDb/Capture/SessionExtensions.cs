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
            WithoutTransaction without => throw without.Refuse("A session belongs to a transaction"),
            _ => throw new OutboxException($"A {transaction.GetType().Name} has no MongoDB session: this service's outbox is not stored by UseMongoDb. "
                + "In a test of code that writes MongoDB, call UseMongoDb with the server of Outbox.Embedded, and UseInMemoryBroker."),
        };
    }

    /// <summary>The session of the transaction that a consumer runs in.</summary>
    /// <exception cref="OutboxException">The consumer's endpoint has no inbox, or one without transactions, or its inbox is not MongoDB's.</exception>
    public static IClientSessionHandle Session(this ConsumeContext context) =>
        context.TryGetPayload<IOutboxTransaction>(out var transaction)
            ? transaction.Session
            : throw new OutboxException("This consumer runs without a transaction. Its endpoint needs the inbox: endpoints of UsingKafkaOutbox have it; elsewhere call e.UseInbox(context).");
}
