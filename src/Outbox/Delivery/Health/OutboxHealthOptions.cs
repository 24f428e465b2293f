namespace Outbox.Delivery.Health;

/// <summary>When the outbox counts as degraded or unhealthy; configuration section <c>Outbox:Health</c>.</summary>
public sealed class OutboxHealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Health";

    /// <summary>How old the oldest message that could be published may be before the outbox counts as degraded.</summary>
    /// <value>The default value is 1 minute.</value>
    [Between("00:00:01", "365.00:00:00")]
    public TimeSpan DegradedAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the relay may be without MongoDB or Kafka before the outbox counts as unhealthy. Until then it is degraded.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Between("00:00:00", "1.00:00:00")]
    public TimeSpan UnhealthyAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the health check waits for MongoDB.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Between("00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
