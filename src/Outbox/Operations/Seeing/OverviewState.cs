namespace Outbox.Operations.Seeing;

/// <summary>How an outbox is, as a whole.</summary>
public enum OverviewState
{
    /// <summary>Messages get through.</summary>
    Healthy,

    /// <summary>Somebody should look at it.</summary>
    Degraded,

    /// <summary>Messages do not get through.</summary>
    Unhealthy,
}
