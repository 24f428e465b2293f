namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>One call of <c>TopicEndpoint</c>.</summary>
internal sealed record TopicEndpointDefinition(string Topic, string Group, Action<ITopicEndpointConfigurator> Configure)
{
    public string Name => $"kafka/{Group}/{Uri.EscapeDataString(Topic)}";

    /// <summary>Whether another call has the same group.</summary>
    public bool SharesGroup { get; set; }

    public TopicSelector Topics { get; } = new(Topic);
}
