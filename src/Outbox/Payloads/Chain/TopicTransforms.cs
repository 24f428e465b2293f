using Outbox.History.Replaying;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Payloads.Chain;

/// <summary>
/// Which transforms a message's payload goes through: those of its topic, as this service knows it; or else those that the service which captured it has noted, so that a relay that does not know the
/// topic publishes nothing in clear.
/// </summary>
internal sealed class TopicTransforms(TopicRegistry topics)
{
    /// <summary>Whether there is anything to be done for these messages. Most services have no transforms, and look at one field of each message.</summary>
    public bool Concern(IReadOnlyList<OutboxMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (Concern(messages[i]))
            {
                return true;
            }
        }

        return false;
    }

    public bool Concern(OutboxMessage message) => message.Transforms is not null || message.Claim is not null || (topics.HasTransforms && Of(message) is not null);

    public string? Of(OutboxMessage message) => message.Claim is not null ? null : Of(message.Topic) ?? message.Transforms;

    /// <summary>A history is published on a topic of its own, as its topic is.</summary>
    private string? Of(string topic) => topics.TransformsOf(topic) ?? (HistoryTopic.LiveOf(topic) is { } live ? topics.TransformsOf(live) : null);
}
