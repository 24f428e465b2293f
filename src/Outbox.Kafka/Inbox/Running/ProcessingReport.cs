using System.Diagnostics;
using System.Globalization;
using Outbox.Diagnostics;
using Outbox.Inbox;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The spans in which messages are processed, and how long after their capture they were. MassTransit's own spans are below ours.</summary>
internal sealed class ProcessingReport(string endpoint, InboxMetrics metrics, ReplayGate replays, TimeProvider time)
{
    /// <summary>A message's span belongs to the trace of its creation, and is linked to it.</summary>
    public Activity? Start(Passage message)
    {
        if (!Spans.AreWatched)
        {
            return null;
        }

        var envelope = message.Decoded!.Envelope!;
        var cause = CauseOf(envelope);
        return Spans.StartApart(MessagingAttributes.Process, message.Record.Topic, cause, cause == default ? [] : [new ActivityLink(cause)])
            ?.SetTag(MessagingAttributes.ConsumerGroup, endpoint)
            .SetTag(MessagingAttributes.Partition, message.Record.Position.Partition.ToString(CultureInfo.InvariantCulture))
            .SetTag(MessagingAttributes.KafkaOffset, message.Record.Position.Offset)
            .SetTag(MessagingAttributes.MessageId, envelope.MessageId)
            .SetTag(MessagingAttributes.ConversationId, envelope.CorrelationId)
            .SetTag(MessagingAttributes.KafkaKey, envelope.EntityId.Length > 0 ? envelope.EntityId : null)
            .SetTag(MessagingAttributes.MessageType, envelope.Type)
            .SetTag(MessagingAttributes.EntityType, envelope.EntityType.Length > 0 ? envelope.EntityType : null);
    }

    /// <summary>A batch belongs to the traces of all its messages: it is linked to them.</summary>
    public Activity? Start(IReadOnlyList<Passage> messages)
    {
        if (!Spans.AreWatched)
        {
            return null;
        }

        var links = messages.Take(Spans.MostLinks).Select(message => CauseOf(message.Decoded!.Envelope!)).Where(cause => cause != default).Select(cause => new ActivityLink(cause)).ToList();
        return Spans.StartApart(MessagingAttributes.Process, messages[0].Record.Topic, default, links)
            ?.SetTag(MessagingAttributes.ConsumerGroup, endpoint)
            .SetTag(MessagingAttributes.BatchCount, messages.Count);
    }

    /// <summary>Notes why it failed.</summary>
    public static void Failed(Activity? span, Exception error) => span?.Failed(error.GetType().FullName ?? BoundedNames.Other, error.Message);

    /// <summary>A message came to its end. What a replay runs again was processed long ago, and says nothing about now.</summary>
    public void Ended(Passage message, InboxOutcome? outcome)
    {
        if (metrics.ShowsDelay && outcome is null or InboxOutcome.Processed or InboxOutcome.ProcessedAndAwaited
            && message.Decoded!.Envelope!.Timestamp is { Year: > 1 } captured && replays.ScopeOf(message) is null)
        {
            metrics.Processed(endpoint, message.Record.Topic, time.GetUtcNow() - captured);
        }
    }

    private static ActivityContext CauseOf(Envelope envelope) =>
        ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var cause) ? cause : default;
}
