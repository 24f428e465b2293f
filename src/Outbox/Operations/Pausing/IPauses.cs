namespace Outbox.Operations.Pausing;

/// <summary>
/// Has the relay, a topic or an endpoint rest for a while. Every instance sees it within a second or so, also one that starts meanwhile, and it ends by itself, also when nobody is there to end it.
/// </summary>
public interface IPauses
{
    /// <summary>
    /// Pauses something. What is being published or processed at this moment comes to its end. A second pause of the same replaces the first, and may end sooner or later than it.
    /// </summary>
    /// <returns>The pause, with its end.</returns>
    /// <exception cref="ArgumentException">The request does not say why, or says its end twice; or its length is out of range.</exception>
    /// <exception cref="OutboxException">It would end too soon or too late, or there is no such endpoint.</exception>
    Task<Pause> PauseAsync(PauseRequest request, CancellationToken cancellationToken = default);

    /// <summary>Ends a pause before its time.</summary>
    /// <param name="target">What is paused.</param>
    /// <param name="reason">Why, for the log and the audit.</param>
    /// <param name="by">Who ends it; <see cref="Actor.Application"/> if nobody is named.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was paused.</returns>
    Task<bool> ResumeAsync(PauseTarget target, string reason, Actor? by = null, CancellationToken cancellationToken = default);

    /// <summary>Lists what is paused, what ends first first.</summary>
    Task<IReadOnlyList<Pause>> ListPausesAsync(CancellationToken cancellationToken = default);
}
