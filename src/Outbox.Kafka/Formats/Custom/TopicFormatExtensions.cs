using Outbox.Kafka;

namespace Outbox;

/// <summary>Formats of the user's own.</summary>
public static class TopicFormatExtensions
{
    /// <summary>
    /// Publishes the topic's messages in a format of your own, and reads those of its records that are of it. Every instance that relays needs it: one that has none leaves the messages to the others.
    /// </summary>
    public static void UseFormat(this TopicConfigurator topic, IWireFormat format)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(format);
        topic.Format = MessageFormat.Custom;
        topic.WireFormat = format;
    }
}
