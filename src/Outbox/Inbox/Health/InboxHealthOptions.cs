namespace Outbox.Inbox.Health;

/// <summary>When an endpoint counts as degraded or unhealthy; configuration section <c>Outbox:InboxHealth</c>.</summary>
public sealed class InboxHealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":InboxHealth";

    /// <summary>How many messages may be left to do before the endpoint counts as degraded.</summary>
    /// <value>The default value is 100,000.</value>
    [Between(1, int.MaxValue)]
    public int DegradedLag { get; set; } = 100_000;

    /// <summary>For how long there may be messages, and none comes to its end, before the endpoint counts as unhealthy.</summary>
    /// <value>The default value is 2 minutes.</value>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>For how long something may keep the endpoint from working before it counts as unhealthy. Until then it is degraded.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Between("00:00:00", "1.00:00:00")]
    public TimeSpan UnhealthyAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the health check waits for MongoDB.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Between("00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
