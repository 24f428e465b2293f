namespace Outbox.History.Projecting;

/// <summary>What a version of a read model is doing.</summary>
public enum ProjectionState
{
    /// <summary>It is being built, or has not caught up with its topic yet.</summary>
    Building,

    /// <summary>It has caught up, and follows. Readers can be given it.</summary>
    CaughtUp,

    /// <summary>It has ended.</summary>
    Retired,
}
