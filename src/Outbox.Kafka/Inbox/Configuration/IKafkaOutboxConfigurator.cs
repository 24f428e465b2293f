namespace Outbox.Kafka;

/// <summary>Collects the topics to consume.</summary>
public interface IKafkaOutboxConfigurator
{
    /// <summary>Consumes a topic. Brokers and client settings are those of <c>o.UseKafka</c>.</summary>
    /// <param name="topic">The topic. It need not exist yet: consumption starts when it does.</param>
    /// <param name="group">The consumer group, and the endpoint's name in the inbox.</param>
    /// <param name="configure">Configures the consumers and how they run.</param>
    void TopicEndpoint(string topic, string group, Action<ITopicEndpointConfigurator> configure);
}
