namespace Outbox.Kafka.Inbox.DeadLettering;

/// <summary>Where copies of parked messages go.</summary>
/// <param name="name">The topic; empty if it is named after the topic that a message came from; <see langword="null"/> if there are no copies.</param>
/// <param name="prefix">What topics begin with in this environment.</param>
internal sealed class DeadLetterTopic(string? name, string prefix)
{
    public string? Of(string topic) => name switch
    {
        null => null,
        "" => topic + ".dlq",
        _ => prefix + name,
    };
}
