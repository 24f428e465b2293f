using System.Buffers;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Ids and names are stored, logged, and shown to people, who take what is on a line of its own for another line.</summary>
internal static class OneLine
{
    /// <summary>Those of Unicode's category Cc.</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

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
        if (text.AsSpan().ContainsAny(Controls))
        {
            throw new UnreadableMessageException($"The '{name}' has control characters: '{WireText.Short(text)}'.");
        }
    }
}
