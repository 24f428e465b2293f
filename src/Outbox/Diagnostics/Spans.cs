using System.Diagnostics;
using Outbox.Messages;

namespace Outbox.Diagnostics;

/// <summary>Starts spans as the conventions for messaging want them: named <c>create orders</c>, <c>send orders</c>, <c>process orders</c>.</summary>
internal static class Spans
{
    /// <summary>A batch of thousands is no use as a list of thousands of links: exporters keep 128 by default and drop the rest.</summary>
    public const int MostLinks = 128;

    private const string Kafka = "kafka";
    private const string Bus = "masstransit";

    /// <summary>Whether anybody listens at all: asked before anything is made for a span.</summary>
    public static bool AreWatched => OutboxTelemetry.Activities.HasListeners();

    /// <summary>Starts a span below the one that runs, or below a remote one, or at the root of a trace of its own.</summary>
    /// <param name="operation"><see cref="MessagingAttributes.Create"/>, <see cref="MessagingAttributes.Send"/> or <see cref="MessagingAttributes.Process"/>.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="parent">What it is below of.</param>
    /// <param name="links">The creations of the messages.</param>
    public static Activity? Start(string operation, string topic, ActivityContext parent, IReadOnlyList<ActivityLink>? links = null) =>
        OutboxTelemetry.Activities.StartActivity(KindOf(operation), parent, tags: null, links, name: $"{operation} {topic}")
            ?.SetTag(MessagingAttributes.System, BusTopics.Contains(topic) ? Bus : Kafka)
            .SetTag(MessagingAttributes.OperationName, operation)
            .SetTag(MessagingAttributes.OperationType, operation)
            .SetTag(MessagingAttributes.Destination, topic);

    /// <summary>Starts a span that no other caused but its links: what happens to run, such as the start of the host, is not its parent.</summary>
    public static Activity? StartApart(string operation, string topic, ActivityContext parent, IReadOnlyList<ActivityLink> links)
    {
        Activity.Current = null;
        return Start(operation, topic, parent, links);
    }

    /// <summary>Notes what went wrong.</summary>
    /// <param name="span">The span.</param>
    /// <param name="type">What kind of error it is, of few.</param>
    /// <param name="error">The error, for a person.</param>
    public static void Failed(this Activity span, string type, string? error) => span.SetTag(MessagingAttributes.ErrorType, type).SetStatus(ActivityStatusCode.Error, error);

    private static ActivityKind KindOf(string operation) => operation switch
    {
        MessagingAttributes.Create => ActivityKind.Producer,
        MessagingAttributes.Send => ActivityKind.Client,
        _ => ActivityKind.Consumer,
    };
}
