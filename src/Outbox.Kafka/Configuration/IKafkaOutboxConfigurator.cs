using MassTransit;

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

    /// <summary>
    /// Answers requests that come on a topic: its consumers respond, <c>context.RespondAsync(…)</c>, without the inbox and without a transaction, and send nothing else. What fails after the endpoint's
    /// retries is told to the asker (MassTransit's <c>Fault</c>), and not parked. A request whose deadline has passed is dropped.
    /// </summary>
    /// <remarks>
    /// <c>ConcurrentMessageLimit</c> (16) says how many are answered at once, <c>PrefetchCount</c> (1,000) how many wait in memory; the others wait on Kafka. Offsets are committed when requests are
    /// answered: what was not answered when the process died is answered by the next, if its asker still waits.
    /// </remarks>
    /// <param name="topic">The topic: of requests alone.</param>
    /// <param name="group">The consumer group: that of all instances that share the work.</param>
    /// <param name="configure">Configures the consumers and how they run.</param>
    void RequestEndpoint(string topic, string group, Action<IReceiveEndpointConfigurator> configure);
}
