namespace Outbox.Kafka;

/// <summary>Collects the topics to consume.</summary>
public interface IKafkaOutboxConfigurator
{
    /// <summary>Consumes a topic, or all that match a pattern. Brokers and client settings are those of <c>o.UseKafka</c>.</summary>
    /// <param name="topic">
    /// The topic; or, beginning with <c>^</c>, a pattern (a POSIX extended regular expression) of topics, such as <c>^orders\..*</c>. No topic need exist yet: consumption starts when it does.
    /// </param>
    /// <param name="group">The consumer group, and the endpoint's name in the inbox.</param>
    /// <param name="configure">Configures the consumers and how they run.</param>
    void TopicEndpoint(string topic, string group, Action<ITopicEndpointConfigurator> configure);
}
