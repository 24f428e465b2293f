using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>
/// The messages of one transaction attempt, serialized and checked when they are captured, in the order of the calls: any number of flows may call at once. For stores.
/// </summary>
public sealed class CaptureBuffer
{
    /// <summary>Marks a message whose version the store assigns from the counter of its entity and topic, inside the transaction.</summary>
    public const long UnassignedVersion = 0;

    private static readonly MessageOptions NoOptions = new();

    private readonly Lock _gate = new();
    private readonly List<OutboxMessage> _messages = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(Entity Entity, string Topic), OutboxMessage> _entities = [];
    private readonly MessageMaker _maker;
    private string? _closed;
    private Exception? _failure;

    /// <summary>An empty one.</summary>
    public CaptureBuffer(MessageRegistry registry, OutboxOptions options, TimeProvider time) => _maker = new MessageMaker(registry, options, time);

    /// <summary>What was captured, in order; a message's ordinal is its index.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages;

    /// <summary>The versions that events of entities follow.</summary>
    public KnownHeads Heads { get; } = new();

    /// <summary>The message being consumed, whose ids the captured messages inherit.</summary>
    public Cause? Cause { get; init; }

    /// <summary>Whether the message being consumed was processed before: what its consumer publishes was published then, and is left out unless it is meant for replays too.</summary>
    public bool IsReplay { get; set; }

    /// <summary>Whether the transaction's callback still runs, so that messages are taken.</summary>
    public bool IsOpen => Volatile.Read(ref _closed) is null;

    /// <summary>Whether the transaction is known to have committed.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>Captures one message; <see langword="null"/> is a tombstone.</summary>
    /// <exception cref="OutboxException">The type is not registered, the entity id is empty, or whatever else makes the message one that could not be published.</exception>
    public void Add(Type type, object? message, MessageIntent verb, string entityId, long? version, MessageOptions? settings) =>
        Add(new CapturedCall(message, type, verb, entityId, version), settings);

    internal OutboxMessage Add(CapturedCall call, MessageOptions? settings)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            var message = _maker.Make(call, settings ?? NoOptions, Cause) with { Ordinal = _messages.Count };
            Check(message);
            _messages.Add(message);
            return message;
        }
    }

    /// <summary>Takes no more messages, because they are about to be written.</summary>
    /// <returns>What is to be written.</returns>
    /// <exception cref="OutboxException">A nested call failed, and its error was caught.</exception>
    public IReadOnlyList<OutboxMessage> Seal()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            _closed = "The transaction is being committed, so nothing more can be part of it. Something started inside its callback was not awaited; await all work inside the callback.";
            return _failure is null
                ? _messages
                : throw new OutboxException(
                    $"The transaction was not committed, because an ExecuteAsync inside of it failed and the error was caught: {_failure.Message} What it had written would have been half of its work. "
                    + "Let the error pass, or find out what can fail before ExecuteAsync is called.",
                    _failure);
        }
    }

    /// <summary>The transaction is over.</summary>
    public void End() => Volatile.Write(
        ref _closed, "The transaction has ended. Something started inside it was not awaited, or a reference to it was kept; await all work inside the callback.");

    /// <summary>The transaction is over, and its messages are stored.</summary>
    public void Commit()
    {
        IsCommitted = true;
        End();
    }

    /// <summary>Part of the transaction's work failed: whatever becomes of the error, it must not commit. The first error stays.</summary>
    public void Fail(Exception error) => Interlocked.CompareExchange(ref _failure, error, null);

    /// <summary>What <see cref="Fail"/> was told first.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <exception cref="OutboxException">The callback has returned.</exception>
    public void ThrowIfClosed()
    {
        if (Volatile.Read(ref _closed) is { } reason)
        {
            throw new OutboxException(reason);
        }
    }

    private void Check(OutboxMessage message)
    {
        if (!_ids.Add(message.MessageId))
        {
            throw new OutboxException(
                $"The transaction has a message {message.MessageId} already. Give each message ('{message.Type}' here) an id of its own.");
        }

        var (counted, first) = (message.Version == UnassignedVersion, _entities.GetValueOrDefault((message.Entity, message.Topic), message));
        if (counted != (first.Version == UnassignedVersion))
        {
            var (with, without) = counted ? (first, message) : (message, first);
            _ids.Remove(message.MessageId);
            throw new OutboxException(
                $"Entity '{message.EntityId}' publishes to topic '{message.Topic}' a '{with.Type}' with version {with.Version} and a "
                + $"'{without.Type}' without one, in one transaction. Give all of them the entity's version, or none.");
        }

        _entities[(message.Entity, message.Topic)] = first;
    }
}
