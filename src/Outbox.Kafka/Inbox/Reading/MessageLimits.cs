using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>What a topic's writer may call things. Names and ids are stored, indexed, logged and counted by, so they are short, and text of one line.</summary>
internal static class MessageLimits
{
    public const int LongestId = 1_024;
    public const int LongestName = 256;

    /// <exception cref="UnreadableMessageException">One is too long, or has control characters.</exception>
    public static Envelope Check(Envelope envelope)
    {
        Check("messageId", envelope.MessageId, LongestId);
        Check("entityId", envelope.EntityId, LongestId);
        Check("entityType", envelope.EntityType, LongestName);
        Check("type", envelope.Type, LongestName);
        Check("correlationId", envelope.CorrelationId, LongestId);
        Check("causationId", envelope.CausationId, LongestId);
        return envelope;
    }

    private static void Check(string name, string? text, int longest)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length > longest)
        {
            throw new UnreadableMessageException($"The '{name}' has {text.Length} characters, and may have {longest}: '{WireText.Short(text)}'.");
        }

        if (text.Any(char.IsControl))
        {
            throw new UnreadableMessageException($"The '{name}' has control characters: '{WireText.Short(text)}'.");
        }
    }
}
