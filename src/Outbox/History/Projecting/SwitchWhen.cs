namespace Outbox.History.Projecting;

/// <summary>When readers are given a new version of a read model. The first one is used as soon as it has caught up.</summary>
public enum SwitchWhen
{
    /// <summary>As soon as it has caught up and no event of it is parked.</summary>
    CaughtUp,

    /// <summary>When a person says so: <see cref="IProjections.SwitchAsync"/>.</summary>
    Manually,
}
