using System.Diagnostics;
using Outbox.Diagnostics;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The spans in which messages are processed.</summary>
internal static class Traces
{
    private static readonly ActivitySource Activities = new(OutboxTelemetry.Name);

    public static Activity? Start(Passage message)
    {
        if (!Activities.HasListeners())
        {
            return null;
        }

        var envelope = message.Decoded!.Envelope!;
        ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var parent);
        return Activities.StartActivity($"process {message.Record.Topic}", ActivityKind.Consumer, parent)
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", message.Record.Topic)
            .SetTag("messaging.message.id", envelope.MessageId)
            .SetTag("messaging.kafka.offset", message.Record.Position.Offset);
    }

    /// <summary>A batch belongs to the traces of all its messages.</summary>
    public static Activity? Start(IReadOnlyList<Passage> messages)
    {
        if (!Activities.HasListeners())
        {
            return null;
        }

        var links = new List<ActivityLink>(messages.Count);
        foreach (var envelope in messages.Select(message => message.Decoded!.Envelope!))
        {
            if (ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var cause))
            {
                links.Add(new ActivityLink(cause));
            }
        }

        var topic = messages[0].Record.Topic;
        return Activities.StartActivity(ActivityKind.Consumer, links: links, name: $"process {topic}")
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", topic)
            .SetTag("messaging.batch.message_count", messages.Count);
    }
}
