using Outbox.Capture;
using Outbox.History.Registration;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.History.Loading;

/// <summary>Loads and appends in one transaction.</summary>
/// <param name="transaction">The transaction.</param>
/// <param name="reader">Reads in it.</param>
/// <param name="services">The rest.</param>
internal sealed class TransactionHistory(BufferedTransaction transaction, IHistoryReader reader, HistoryServices services)
{
    private readonly List<(StateRegistration State, string Id)> _due = [];

    /// <summary>Whether the consumer did all this before, so that what it appends is there already.</summary>
    public bool IsReplay => transaction.Buffer.IsReplay;

    /// <summary>Entities whose snapshots are due when the transaction has committed.</summary>
    public IReadOnlyList<(StateRegistration State, string Id)> Due => _due;

    public async Task<LoadedState> LoadAsync(Type type, string id, CancellationToken cancellationToken)
    {
        var registration = services.States.Get(type);
        var entity = StateRegistry.EntityOf(registration, id);
        if (HasPending(entity))
        {
            throw new OutboxException(
                $"{entity} was loaded after events of it were saved in the same transaction, and they are not in what can be read yet. Go on with the object that was saved, or load it before.");
        }

        var loaded = await services.Loader.LoadAsync(reader, registration, id, long.MaxValue, cancellationToken).ConfigureAwait(false);
        transaction.Buffer.Heads.Found(entity, loaded.Version);
        return loaded;
    }

    /// <summary>Captures events with the versions after the entity's last one; in a replay none, whatever was expected: a consumer that made the entity finds it made.</summary>
    /// <returns>The version of the entity's last event.</returns>
    /// <exception cref="VersionConflictException">The entity's last version is another one than was expected.</exception>
    public async Task<long> AppendAsync(StateRegistration registration, string id, Expected expected, IReadOnlyList<object> events, CancellationToken cancellationToken)
    {
        var entity = StateRegistry.EntityOf(registration, id);
        Check(registration, events);
        var head = await LastAsync(entity, cancellationToken).ConfigureAwait(false);
        if (IsReplay)
        {
            return head;
        }

        if (expected.At is { } version && version != head)
        {
            throw new VersionConflictException(entity, version, head);
        }

        var last = head;
        foreach (var @event in events)
        {
            transaction.Capture(new CapturedCall(@event, @event.GetType(), MessageIntent.Event, id, ++last), options: null);
        }

        transaction.Buffer.Heads.Advance(entity, last);
        if (IsDue(registration, head, last))
        {
            _due.Add((registration, id));
        }

        return last;
    }

    public StateRegistration StateOf(Type type) => services.States.Get(type);

    private async Task<long> LastAsync(Entity entity, CancellationToken cancellationToken)
    {
        if (transaction.Buffer.Heads.Last(entity) is { } known)
        {
            return known;
        }

        var head = await reader.HeadAsync(entity, cancellationToken).ConfigureAwait(false);
        transaction.Buffer.Heads.Found(entity, head);
        return head;
    }

    /// <summary>What was captured of an entity in this transaction is not stored before its end.</summary>
    private bool HasPending(Entity entity) => transaction.HoldsBack && transaction.Buffer.Messages.Any(message => message.Entity == entity && services.Messages.IsKept(message.Topic));

    /// <summary>A transaction may take an entity past the number in one step: it is the multiple passed that counts.</summary>
    private static bool IsDue(StateRegistration registration, long before, long after) =>
        registration.Snapshots is { Interval: null, Events: { } every } && before / every != after / every;

    private void Check(StateRegistration registration, IReadOnlyList<object> events)
    {
        foreach (var @event in events)
        {
            var message = services.Messages.Get((@event ?? throw new OutboxException($"One of the events to append to '{registration.Topic}' is null.")).GetType());
            if (message.Topic != registration.Topic)
            {
                throw new OutboxException(
                    $"A '{message.Type}' is an event of topic '{message.Topic}', and {registration.StateType.Name} is made of those of '{registration.Topic}': publish it with tx.Publish, beside the events.");
            }
        }
    }
}
