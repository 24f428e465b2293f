using Outbox.Delivery.Batches;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;
using Outbox.Operations.Pausing;

namespace Outbox.Delivery.Relaying;

/// <summary>What a sweep need not read: it waits for a person, for its turn, or for the end of a pause.</summary>
internal sealed class WaitingWork(HeldEntities held, RetrySchedule retries, ClosedPlaces places, PauseBook pauses)
{
    private (int Closings, int Pauses) _leftOut;

    public bool Any => retries.AnyWaits || pauses.Topics.Count > 0;

    /// <summary>Whether the relay is paused.</summary>
    public bool IsPaused => pauses.MustRest(PauseTarget.Relay);

    /// <summary>Whether more waits, of what a query can leave out, than a sweep was asked to leave out.</summary>
    public bool HasGrown => _leftOut != Now;

    /// <summary>How long until something has its turn.</summary>
    public TimeSpan? UntilNext => retries.UntilNext;

    private (int Closings, int Pauses) Now => (places.Closings, pauses.Begun);

    /// <summary>Begins a sweep; what is paused is known then.</summary>
    /// <returns>Whether there may be one.</returns>
    public async ValueTask<bool> StartSweepAsync(CancellationToken cancellationToken)
    {
        await pauses.EnsureKnownAsync(cancellationToken).ConfigureAwait(false);
        places.StartSweep(pauses.Topics);
        return !IsPaused;
    }

    public ValueTask<IReadOnlyCollection<Entity>> HeldAsync(CancellationToken cancellationToken) => held.GetAsync(cancellationToken);

    public SweepRequest LeaveOut(SweepRequest request)
    {
        _leftOut = Now;
        return request with { WaitingEntities = retries.Waiting, ClosedPlaces = [.. places.Waiting.Union(pauses.Topics.Select(topic => new Place(topic)))] };
    }
}
