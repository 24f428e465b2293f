namespace Outbox.History.Projecting.Health;

/// <summary>When a read model counts as degraded or unhealthy; configuration section <c>Outbox:ProjectionHealth</c>.</summary>
public sealed class ProjectionHealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":ProjectionHealth";

    /// <summary>For how long a version may be built without moving before it counts as stuck.</summary>
    /// <value>The default value is 2 minutes.</value>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many messages the version in use may have left to do before it counts as degraded.</summary>
    /// <value>The default value is 100,000.</value>
    [Between(1, int.MaxValue)]
    public int DegradedLag { get; set; } = 100_000;

    /// <summary>How long the check waits for MongoDB and Kafka.</summary>
    /// <value>The default value is 5 seconds.</value>
    [Between("00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
