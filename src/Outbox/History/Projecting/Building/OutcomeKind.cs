namespace Outbox.History.Projecting.Building;

/// <summary>What became of an event.</summary>
public enum OutcomeKind
{
    /// <summary>It was projected.</summary>
    Projected,

    /// <summary>It had been before.</summary>
    Stale,

    /// <summary>One before it is missing.</summary>
    Early,

    /// <summary>Its fold failed.</summary>
    Failed,

    /// <summary>The one or the other, and it was seen to: it is in the history, and comes again from there.</summary>
    Noted,
}
