namespace Outbox.History.Projecting.Building;

/// <summary>What became of an event.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Error">Why its fold failed.</param>
/// <param name="IsAwaited">Whether others of its entity waited for it.</param>
public readonly record struct EventOutcome(OutcomeKind Kind, Exception? Error = null, bool IsAwaited = false)
{
    /// <summary>It was projected.</summary>
    public static readonly EventOutcome Projected = new(OutcomeKind.Projected);

    /// <summary>It had been before.</summary>
    public static readonly EventOutcome Stale = new(OutcomeKind.Stale);

    /// <summary>One before it is missing.</summary>
    public static readonly EventOutcome Early = new(OutcomeKind.Early);

    /// <summary>It comes again from the history.</summary>
    public static readonly EventOutcome Noted = new(OutcomeKind.Noted);

    /// <summary>Its fold failed.</summary>
    public static EventOutcome Failed(Exception error) => new(OutcomeKind.Failed, error);
}
