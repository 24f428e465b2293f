using Microsoft.Extensions.Options;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Fixture;

/// <summary>A database that is shared by the instances of a service: transactions are atomic, and an outage can be switched on.</summary>
public sealed class MemoryStore(Signal signal)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string Endpoint, string MessageId)> _processed = [];
    private readonly List<OutboxMessage> _outbox = [];
    private readonly List<ParkedMessage> _parked = [];

    public volatile bool Down;

    public int Transactions;

    public int Duplicates;

    public IReadOnlyList<OutboxMessage> Outbox => Copy(_outbox);

    public IReadOnlyList<ParkedMessage> Parked => Copy(_parked);

    public int Processed => Copy(_processed).Count;

    public bool IsProcessed(string endpoint, string messageId) => Copy(_processed).Contains((endpoint, messageId));

    public void Park(ParkedMessage message)
    {
        Check();
        lock (_gate)
        {
            _parked.RemoveAll(x => (x.Endpoint, x.Topic, x.Partition, x.Offset) == (message.Endpoint, message.Topic, message.Partition, message.Offset));
            _parked.Add(message);
        }

        signal.Raise();
    }

    public bool Begin((string Endpoint, string MessageId)? record)
    {
        Interlocked.Increment(ref Transactions);
        Check();
        lock (_gate)
        {
            return record is null || !_processed.Contains(record.Value);
        }
    }

    public bool Commit((string Endpoint, string MessageId)? record, IEnumerable<OutboxMessage> messages)
    {
        Check();
        lock (_gate)
        {
            if (record is { } added && !_processed.Add(added))
            {
                return false;
            }

            _outbox.AddRange(messages);
        }

        signal.Raise();
        return true;
    }

    public void CountDuplicate()
    {
        Interlocked.Increment(ref Duplicates);
        signal.Raise();
    }

    private void Check()
    {
        if (Down)
        {
            signal.Raise();
            throw new StoreDownException();
        }
    }

    private List<T> Copy<T>(IEnumerable<T> items)
    {
        lock (_gate)
        {
            return [.. items];
        }
    }
}

public sealed class ConflictException() : Exception("Two transactions have met.");

public sealed class StoreDownException() : Exception("The database cannot be reached.");

internal sealed class MemoryTransaction(CaptureBuffer buffer) : IOutboxTransaction
{
    public CaptureBuffer Buffer => buffer;

    public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => buffer.Add(typeof(T), message, MessageIntent.Event, entityId, version, options);

    public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class => buffer.Add(typeof(T), null, MessageIntent.Event, entityId, version, options);

    public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => buffer.Add(typeof(T), message, MessageIntent.Command, entityId, version, options);
}

internal sealed class MemoryInbox(MemoryStore store, MessageRegistry registry, IOptions<OutboxOptions> options)
    : IInbox, IBatchInbox, IInboxRecordStore, IInboxParking, IOutbox, IOutageDetector
{
    public async Task<InboxOutcome> ExecuteAsync(
        InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var key = Key(record);
        if (store.Begin(key))
        {
            var transaction = await RunAsync(new Cause(record.MessageId, record.CorrelationId), handler, cancellationToken);
            if (store.Commit(key, transaction.Buffer.Messages))
            {
                return InboxOutcome.Processed;
            }
        }

        store.CountDuplicate();
        return InboxOutcome.Duplicate;
    }

    /// <summary>One after the other, which is as good for tests that count effects.</summary>
    public async Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records, Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var outcomes = new List<InboxOutcome>();
        foreach (var record in records)
        {
            var index = outcomes.Count;
            outcomes.Add(await ExecuteAsync(record, (transaction, token) => handler(transaction, [index], token), cancellationToken));
        }

        return outcomes;
    }

    public Task<bool> ContainsAsync(InboxRecord record, CancellationToken cancellationToken) => Task.FromResult(!store.Begin(Key(record)));

    public Task AddAsync(InboxRecord record, CancellationToken cancellationToken)
    {
        store.Commit(Key(record), []);
        return Task.CompletedTask;
    }

    private static (string Endpoint, string MessageId) Key(InboxRecord record) =>
        (record.Endpoint, (record.Topic is null ? "" : $"{record.Topic}/") + record.MessageId + (record.IsShared ? $" by {record.Consumer}" : ""));

    /// <summary>Repeats a transaction that has met another, as a driver does.</summary>
    private async Task<MemoryTransaction> RunAsync(Cause cause, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        while (true)
        {
            var transaction = Create(cause);
            try
            {
                await handler(transaction, cancellationToken);
                return transaction;
            }
            catch (Exception error) when (IsConflict(error))
            {
                // Nothing is left of it.
            }
        }
    }

    /// <summary>Sagas wrap what fails in them.</summary>
    private static bool IsConflict(Exception error) => error is ConflictException || (error.InnerException is { } cause && IsConflict(cause));

    public Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken)
    {
        store.Park(message);
        return Task.CompletedTask;
    }

    public Task ExecuteAsync(Func<IOutboxTransaction, CancellationToken, Task> callback, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            async (transaction, token) =>
            {
                await callback(transaction, token);
                return true;
            },
            cancellationToken);

    public async Task<T> ExecuteAsync<T>(Func<IOutboxTransaction, CancellationToken, Task<T>> callback, CancellationToken cancellationToken = default)
    {
        if (AmbientTransaction.Current is { } current)
        {
            return await callback(current, cancellationToken);
        }

        store.Begin(null);
        var transaction = Create(null);
        using var ambient = AmbientTransaction.Enter(transaction);
        var result = await callback(transaction, cancellationToken);
        store.Commit(null, transaction.Buffer.Messages);
        return result;
    }

    public bool IsOutage(Exception error) => error is StoreDownException;

    private MemoryTransaction Create(Cause? cause) => new(new CaptureBuffer(registry, options.Value, TimeProvider.System) { Cause = cause });
}
