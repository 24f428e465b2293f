namespace Outbox.Statistics;

/// <summary>How often the store is asked how much there is; configuration section <c>Outbox:Statistics</c>. One process of a service asks: that whose relay has lane 0; or, where no relay has it, each.</summary>
public sealed class StatisticsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":Statistics";

    /// <summary>How often. Nothing is asked while nobody listens to the metrics.</summary>
    /// <value>The default value is 15 seconds.</value>
    [Between("00:00:00.100", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one query may take. What is not known within it is not shown.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Between("00:00:00.100", "00:01:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
