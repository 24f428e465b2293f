using Outbox.History.Projecting;

namespace Outbox;

/// <summary>Settings of a projection.</summary>
public sealed class ProjectionConfigurator
{
    internal ProjectionConfigurator()
    {
    }

    /// <summary>What a version is built from, before it follows what comes.</summary>
    /// <value>The default is <see cref="RebuildFrom.History"/> where this service keeps the topic's history, and <see cref="RebuildFrom.Kafka"/> everywhere else.</value>
    public RebuildFrom? From { get; set; }

    /// <summary>When readers are given a new version.</summary>
    /// <value>The default value is <see cref="SwitchWhen.CaughtUp"/>.</value>
    public SwitchWhen Switch { get; set; } = SwitchWhen.CaughtUp;

    /// <summary>
    /// Whether rows are written in the transaction that captures the events, by which they are never behind, and cost each of these transactions four round trips. An event that cannot be projected does not fail
    /// the transaction: it is parked. It needs a topic that keeps history in this service.
    /// </summary>
    /// <value>The default value is <see langword="false"/>: they are written as the events come on Kafka.</value>
    public bool Inline { get; set; }

    /// <summary>
    /// How long a transaction of this service may run. An inline version is read over once more when all have ended that began before it was there. Not shorter than what the server lets them
    /// (<c>transactionLifetimeLimitSeconds</c>), and the time by which a deployment has ended the instances that do not have it yet.
    /// </summary>
    /// <value>The default value is 1 minute.</value>
    public TimeSpan Settling { get; set; } = TimeSpan.FromMinutes(1);

    internal List<object> Extras { get; } = [];
}
