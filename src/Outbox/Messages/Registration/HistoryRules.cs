using Outbox.Messages.Intents;

namespace Outbox.Messages.Registration;

/// <summary>What a topic must be so that its messages can be kept as the history of its entities.</summary>
internal static class HistoryRules
{
    /// <exception cref="OutboxConfigurationException">The topic cannot keep history as it is configured.</exception>
    public static void Check(TopicRegistration topic, bool hasEntityType, VersionSource? versions, IEnumerable<MessageRegistration> messages)
    {
        if (!topic.KeepsHistory)
        {
            return;
        }

        if (!hasEntityType)
        {
            throw Refuse(topic.Name, "but has no EntityType, which is part of each event's key for ever. Set t.EntityType before t.KeepHistory, to \"order\" for example");
        }

        if (versions == VersionSource.Counted)
        {
            throw Refuse(
                topic.Name, "but its versions are counted, which conflict with nothing: two writers that know the same version would both be right. Remove t.Versions, and use tx.SaveAsync or tx.AppendAsync");
        }

        if (messages.FirstOrDefault(message => message.Intent != MessageIntent.Event || message.ClrType == typeof(CommandRejected)) is { } other)
        {
            throw Refuse(topic.Name, $"but '{other.Type}' on it is not an event of its entities. Register it on another topic");
        }
    }

    /// <exception cref="OutboxConfigurationException">The versions of one type of entities would be counted on two topics.</exception>
    public static void CheckTopics(IEnumerable<MessageRegistration> messages)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in messages.Where(message => message.KeepsHistory))
        {
            if (!kept.TryAdd(message.EntityType, message.Topic) && kept[message.EntityType] != message.Topic)
            {
                throw new OutboxConfigurationException(
                    $"Topics '{kept[message.EntityType]}' and '{message.Topic}' both keep the history of the entity type '{message.EntityType}': an entity has one, with one line of versions. "
                    + "Register its events on one topic, or give one of the topics another EntityType.");
            }
        }
    }

    private static OutboxConfigurationException Refuse(string topic, string why) => new($"Topic '{topic}' keeps history (t.KeepHistory), {why}.");
}
