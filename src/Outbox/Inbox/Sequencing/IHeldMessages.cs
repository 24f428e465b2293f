using Outbox.Messages.Registration;

namespace Outbox.Inbox.Sequencing;

/// <summary>
/// Keeps the messages that queue behind one of their entity that failed (<see cref="FailurePolicy.HoldEntity"/>), for types that are not in sequence. It is shared by all instances of
/// an endpoint and survives them. Queues whose turn has come are found by <see cref="IReorderBuffer.ReadyAsync"/>.
/// </summary>
public interface IHeldMessages
{
    /// <summary>Whether a message that failed, or that queues behind one, holds the entity's next message.</summary>
    Task<bool> HoldsAsync(Sequence entity, CancellationToken cancellationToken);

    /// <summary>Has a message queue, unless nothing holds it any more or too many wait already. The same message queues once.</summary>
    Task<WaitOutcome> AddAsync(Sequence entity, ParkedMessage message, CancellationToken cancellationToken);

    /// <summary>The first of the queue, unless one that failed is before it; it stays until it is removed.</summary>
    Task<ParkedMessage?> NextAsync(Sequence entity, CancellationToken cancellationToken);

    /// <summary>Removes a message that had failed and was processed now; the turn of its queue has come.</summary>
    Task ReleaseAsync(Sequence entity, ParkedMessage failed, CancellationToken cancellationToken);
}
