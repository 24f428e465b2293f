using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Those that wait: for their predecessors, and behind messages that failed.</summary>
internal sealed class EntityQueues(string endpoint, IReorderBuffer? buffer, IHeldMessages? held)
{
    private IReorderBuffer Buffer => buffer ?? throw new OutboxConfigurationException("Message types in sequence need a store with a reorder buffer, such as o.UseMongoDb.");

    public static Sequence EntityOf(ParkedMessage parked) => new(parked.Endpoint, parked.Topic, parked.EntityId ?? "") { EntityType = parked.EntityType ?? "" };

    /// <summary>The messages that wait for one, or for another of its sequence.</summary>
    public Queue InSequence(Passage message)
    {
        var sequence = message.EntityOn(endpoint);
        return token => Buffer.NextAsync(sequence, token);
    }

    /// <summary>Has a message wait, unless its turn has come or too many wait already.</summary>
    public Task<WaitOutcome> JoinAsync(Sequence entity, ParkedMessage message, CancellationToken cancellationToken) =>
        message.Reason == ParkReason.Held ? held!.AddAsync(entity, message, cancellationToken) : Buffer.AddAsync(entity, message, cancellationToken);

    /// <returns>The version that the sequence has gone up to, or behind.</returns>
    public Task<long?> GiveUpAsync(Sequence sequence, GapPolicy policy, long? version, CancellationToken cancellationToken) =>
        Buffer.GiveUpAsync(sequence, policy, version, cancellationToken);

    /// <summary>The messages behind one that failed, and then those that wait for their predecessors.</summary>
    public Queue All(Sequence entity) => async token =>
        (held is null ? null : await held.NextAsync(entity, token).ConfigureAwait(false))
        ?? (buffer is null ? null : await buffer.NextAsync(entity, token).ConfigureAwait(false));

    /// <summary>A message that was parked is done.</summary>
    /// <returns>Those that may go on now.</returns>
    public async Task<Queue?> LeaveAsync(ParkedMessage parked, CancellationToken cancellationToken)
    {
        if (parked is { Hold: true, Reason: not ParkReason.Held } && held is not null)
        {
            var entity = EntityOf(parked);
            await held.ReleaseAsync(entity, parked, cancellationToken).ConfigureAwait(false);
            return token => held.NextAsync(entity, token);
        }

        if (buffer is not null)
        {
            await buffer.RemoveAsync(parked, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
