namespace Outbox.Operations.Seeing;

/// <summary>How to look at an outbox.</summary>
public sealed record OverviewRequest
{
    /// <summary>How long each query may take. What is not known within it is left out.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The age of the oldest pending message from which somebody should look.</summary>
    /// <value>The default value is 1 minute.</value>
    public TimeSpan DegradedAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The age of the oldest pending message from which messages do not get through, unless somebody has paused them.</summary>
    /// <value>The default value is 5 minutes.</value>
    public TimeSpan UnhealthyAge { get; init; } = TimeSpan.FromMinutes(5);
}
