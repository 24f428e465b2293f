namespace Outbox.Cli.Seeing;

/// <summary>How an outbox is.</summary>
internal enum Health
{
    /// <summary>Messages get through.</summary>
    Healthy,

    /// <summary>Somebody should look at it.</summary>
    Degraded,

    /// <summary>Messages do not get through.</summary>
    Unhealthy,
}
