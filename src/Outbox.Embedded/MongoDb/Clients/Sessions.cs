using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Clients;

/// All sessions of the server, and the rules by which a command joins a transaction.
internal sealed class Sessions(Store store, TimeSpan lifetime)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly Dictionary<BsonValue, Session> _sessions = [];

    /// How long a transaction may stay open.
    public TimeSpan TransactionLifetime { get; } = lifetime;

    public Session Find(BsonDocument id)
    {
        if (!id.TryGetValue("id", out var key) || key is not BsonBinaryData { SubType: BsonBinarySubType.UuidStandard })
        {
            throw new MongoError(9, "FailedToParse", "BSON field 'lsid.id' must be a UUID");
        }

        lock (_sessions)
        {
            if (!_sessions.TryGetValue(key, out var session))
            {
                _sessions.Add(key, session = new Session(id, store.Clock.Time.GetTimestamp()));
            }

            session.LastUse = store.Clock.Time.GetTimestamp();
            return session;
        }
    }

    public Transaction Begin(Session session, long number, bool majority)
    {
        RefuseOlder(session, number);
        if (number == session.Number)
        {
            throw new MongoError(117, "ConflictingOperationInProgress", $"Only a new transaction number can start a transaction: {number} was used before in this session");
        }

        AbortOpen(session);
        var transaction = new Transaction(new TransactionId(session.Id, number), store.OpenSnapshot(majority), store.Clock.Time.GetTimestamp());
        session.BeginTransaction(number, transaction);
        return transaction;
    }

    public static Transaction Continue(Session session, long number)
    {
        RefuseOlder(session, number);
        if (number > session.Number || session.Transaction is null)
        {
            throw new MongoError(251, "NoSuchTransaction", $"Given transaction number {number} does not match any in-progress transactions. The active transaction number is {session.Number}");
        }

        return session.Transaction;
    }

    public void BeginRetryableWrite(Session session, long number)
    {
        RefuseOlder(session, number);
        if (number == session.Number && session.IsTransaction)
        {
            throw new MongoError(225, "TransactionTooOld", $"Transaction number {number} was used for a transaction: a retryable write needs a new one");
        }

        if (number > session.Number)
        {
            AbortOpen(session);
        }

        session.BeginRetryableWrite(number);
    }

    public void End(IEnumerable<BsonValue> keys)
    {
        foreach (var key in keys)
        {
            Session? session;
            lock (_sessions)
            {
                _sessions.Remove(key, out session);
            }

            if (session is not null)
            {
                session.Ended = true;
                AbortOpen(session);
            }
        }
    }

    /// Ends what goes on in a session, at once: its commands and its transaction. The session itself lives on, and knows which numbers it has seen.
    public void Kill(BsonValue key, Budget except)
    {
        Session? session;
        lock (_sessions)
        {
            session = _sessions.GetValueOrDefault(key);
        }

        if (session is not null)
        {
            session.Interrupt(except);
            AbortOpen(session);
        }
    }

    public IReadOnlyList<Session> All()
    {
        lock (_sessions)
        {
            return [.. _sessions.Values];
        }
    }

    public void AbortAll()
    {
        foreach (var session in All())
        {
            AbortOpen(session);
        }
    }

    /// Ends transactions that live too long, and forgets sessions that nobody uses.
    public void Expire()
    {
        foreach (var session in All())
        {
            if (session.Transaction is { State: TransactionState.Active } open && store.Clock.Time.GetElapsedTime(open.StartedAt) > TransactionLifetime)
            {
                store.Writes.Abort(open);
            }

            if (store.Clock.Time.GetElapsedTime(session.LastUse) > Timeout)
            {
                End([session.Id["id"]]);
            }
        }
    }

    public void AbortOpen(Session session)
    {
        if (session.Transaction is { State: TransactionState.Active } open)
        {
            store.Writes.Abort(open);
        }
    }

    private static void RefuseOlder(Session session, long number)
    {
        if (number < session.Number)
        {
            throw new MongoError(225, "TransactionTooOld", $"Cannot use transaction number {number}: the session has already seen {session.Number}");
        }
    }
}
