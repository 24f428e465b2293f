using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Ids and names are stored, logged, and shown to people, who take what is on a line of its own for another line.</summary>
internal static class OneLine
{
    /// <exception cref="UnreadableMessageException">One has control characters.</exception>
    public static Envelope Check(Envelope envelope)
    {
        Check("messageId", envelope.MessageId);
        Check("entityId", envelope.EntityId);
        Check("entityType", envelope.EntityType);
        Check("type", envelope.Type);
        return envelope;
    }

    private static void Check(string name, string text)
    {
        if (text.Any(char.IsControl))
        {
            throw new UnreadableMessageException($"The '{name}' has control characters: '{WireText.Short(text)}'.");
        }
    }
}
