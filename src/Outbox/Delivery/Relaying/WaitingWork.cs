using Outbox.Delivery.Batches;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Relaying;

/// <summary>What a sweep need not read: it waits for a person, or for its turn.</summary>
internal sealed class WaitingWork(HeldEntities held, RetrySchedule retries, ClosedPlaces places)
{
    public bool Any => retries.AnyWaits;

    /// <summary>How long until something has its turn.</summary>
    public TimeSpan? UntilNext => retries.UntilNext;

    public ValueTask<IReadOnlyCollection<Entity>> HeldAsync(CancellationToken cancellationToken) => held.GetAsync(cancellationToken);

    public SweepRequest LeaveOut(SweepRequest request) => request with { WaitingEntities = retries.Waiting, ClosedPlaces = places.Waiting };
}
