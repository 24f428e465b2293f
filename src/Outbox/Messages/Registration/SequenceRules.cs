using Outbox.Versioning;

namespace Outbox.Messages.Registration;

/// <summary>A topic in sequence must have every version of an entity, or its consumers wait.</summary>
internal static class SequenceRules
{
    /// <exception cref="OutboxConfigurationException">The topic goes on without what could not be published.</exception>
    public static void Check(TopicRegistration topic, IEnumerable<MessageRegistration> messages)
    {
        if (topic.OnParked == ParkedPolicy.Continue && messages.FirstOrDefault(message => message.Ordering == MessageOrdering.Sequence) is { } ordered)
        {
            throw new OutboxConfigurationException(
                $"Topic '{topic.Name}' has OnParked = Continue, and '{ordered.Type}' on it is in sequence: what is published after a message that was parked would have consumers wait for the "
                + "missing version. Remove t.OnParked, so that an entity's messages wait until a person has retried or discarded the parked one.");
        }
    }
}
