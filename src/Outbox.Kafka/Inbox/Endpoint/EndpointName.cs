namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>What an endpoint is called in logs, errors and records.</summary>
/// <param name="Group">Its consumer group, and its name in the inbox.</param>
/// <param name="Topics">What it consumes.</param>
internal sealed record EndpointName(string Group, KnownTopics Topics)
{
    /// <summary>The topic, or the pattern, as the brokers know it.</summary>
    public string Topic => Topics.Selector.ToString();
}
