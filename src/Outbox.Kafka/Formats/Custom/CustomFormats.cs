using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Formats.Custom;

/// <summary>The topics with a format of the user's own.</summary>
internal sealed class CustomFormats(IEnumerable<MessageRegistration> registrations, string topicPrefix = "")
{
    public static readonly CustomFormats None = new([]);

    private readonly Dictionary<string, CustomFormat> _formats = registrations
        .Where(registration => registration.WireFormat is IWireFormat)
        .GroupBy(registration => topicPrefix + registration.Topic)
        .ToDictionary(topic => topic.Key, topic => new CustomFormat((IWireFormat)topic.First().WireFormat!));

    private readonly Dictionary<string, string> _topics = registrations
        .Where(registration => registration.WireFormat is IWireFormat)
        .ToDictionary(registration => registration.Type, registration => topicPrefix + registration.Topic);

    public CustomFormat? Find(string topic) => _formats.GetValueOrDefault(topic);

    /// <summary>The format of a message; of one that is repeated on another topic than its own, that of its type.</summary>
    public CustomFormat? Find(OutboxMessage message) => Find(message.Topic) ?? (_topics.TryGetValue(message.Type, out var topic) ? Find(topic) : null);
}
