namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>One call of <c>TopicEndpoint</c>.</summary>
internal sealed record TopicEndpointDefinition(string Topic, string Group, Action<ITopicEndpointConfigurator> Configure)
{
    public string Name => $"kafka/{Group}/{Uri.EscapeDataString(Topic)}";

    public TopicSelector Topics { get; } = new(Topic);
}
