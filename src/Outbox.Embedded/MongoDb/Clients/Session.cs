using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Clients;

/// A logical session: at most one transaction, and the answers already given to its retryable writes.
internal sealed class Session(BsonDocument id, long now)
{
    private readonly Dictionary<int, StatementResult> _history = [];
    private readonly HashSet<Budget> _running = [];

    public BsonDocument Id { get; } = id;

    /// Commands with a transaction number run one after the other.
    public SemaphoreSlim Busy { get; } = new(1, 1);

    public long LastUse { get; set; } = now;

    /// Forgotten by the server: a command that still runs in it leaves nothing open behind.
    public bool Ended { get; set; }

    public long Number { get; private set; } = -1;

    public Transaction? Transaction { get; private set; }

    public bool IsTransaction { get; private set; }

    public void BeginTransaction(long number, Transaction transaction)
    {
        Advance(number);
        IsTransaction = true;
        Transaction = transaction;
    }

    public void BeginRetryableWrite(long number)
    {
        if (number > Number)
        {
            Advance(number);
        }
    }

    public void Enter(Budget command)
    {
        lock (_running)
        {
            _running.Add(command);
        }
    }

    public void Leave(Budget command)
    {
        lock (_running)
        {
            _running.Remove(command);
        }
    }

    /// Ends what runs in this session, but for the command that asks for it.
    public void Interrupt(Budget except)
    {
        lock (_running)
        {
            foreach (var command in _running.Where(command => command != except))
            {
                command.Interrupt();
            }
        }
    }

    public StatementResult? AnsweredBefore(int statement) => _history.GetValueOrDefault(statement);

    public void Remember(int statement, StatementResult result) => _history[statement] = result;

    /// Rolled-back writes were never made, so a retry must make them.
    public void ForgetAfter(ulong timestamp)
    {
        foreach (var statement in _history.Where(e => e.Value.Timestamp > timestamp).Select(e => e.Key).ToList())
        {
            _history.Remove(statement);
        }

        if (Transaction is { State: TransactionState.Committed } committed && committed.CommitTimestamp > timestamp)
        {
            Transaction = null;
        }
    }

    private void Advance(long number)
    {
        Number = number;
        IsTransaction = false;
        Transaction = null;
        _history.Clear();
    }
}

internal sealed record StatementResult(BsonDocument Answer, ulong Timestamp);
