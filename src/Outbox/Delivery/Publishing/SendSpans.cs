using System.Diagnostics;
using Outbox.Diagnostics;
using Outbox.Messages;

namespace Outbox.Delivery.Publishing;

/// <summary>The spans of a batch, one for each Kafka topic, linked to the creations of their messages. What goes to MassTransit's bus goes one by one, and has spans of its own.</summary>
internal sealed class SendSpans : IDisposable
{
    private readonly IReadOnlyList<OutboxMessage> _messages;
    private readonly Dictionary<string, Activity?> _spans = new(StringComparer.Ordinal);
    private bool _ended;

    private SendSpans(IReadOnlyList<OutboxMessage> messages)
    {
        _messages = messages;
        foreach (var topic in messages.GroupBy(message => message.Topic, StringComparer.Ordinal).Where(topic => !BusTopics.Contains(topic.Key)))
        {
            var span = Spans.StartApart(MessagingAttributes.Send, topic.Key, default, LinksOf(topic));
            _spans[topic.Key] = span?.SetTag(MessagingAttributes.BatchCount, topic.Count());
        }

        if (_spans.Count != 1)
        {
            // What others trace meanwhile is of no topic alone.
            Activity.Current = null;
        }
    }

    /// <summary>Starts them, if anybody listens.</summary>
    public static SendSpans? Start(IReadOnlyList<OutboxMessage> messages) => Spans.AreWatched ? new SendSpans(messages) : null;

    /// <summary>The span of a message that is sent alone: it is below the message's creation, so that whatever it causes is in the same trace.</summary>
    public static Activity? StartAlone(OutboxMessage message) => Spans.AreWatched
        ? Spans.StartApart(MessagingAttributes.Send, message.Topic, TraceContext.Read(message.Headers), [])?.SetTag(MessagingAttributes.MessageId, message.MessageId)
        : null;

    /// <summary>Ends them with what became of their messages.</summary>
    public void End(IReadOnlyList<PublishResult> results)
    {
        _ended = true;
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Status is not (PublishStatus.Published or PublishStatus.Held)
                && _spans.GetValueOrDefault(_messages[i].Topic) is { Status: ActivityStatusCode.Unset } span)
            {
                span.Failed(TypeOf(results[i].Status), results[i].Error);
            }
        }
    }

    public void Dispose()
    {
        foreach (var span in _spans.Values.OfType<Activity>())
        {
            if (!_ended)
            {
                span.Failed("not_sent", "The batch did not come to its end.");
            }

            span.Dispose();
        }

        Activity.Current = null;
    }

    /// <summary>A result's kind as the value of a tag.</summary>
    public static string TypeOf(PublishStatus status) => status switch
    {
        PublishStatus.Refused => "refused",
        PublishStatus.Failed => "failed",
        PublishStatus.Unavailable => "unavailable",
        _ => "unknown",
    };

    private static List<ActivityLink> LinksOf(IEnumerable<OutboxMessage> messages) =>
        [.. messages.Take(Spans.MostLinks).Select(message => TraceContext.Read(message.Headers)).Where(context => context != default).Select(context => new ActivityLink(context))];
}
