using Confluent.Kafka;
using MassTransit;

namespace Outbox.Kafka;

/// <summary>
/// An endpoint that consumes one topic in one consumer group. Messages with the same key are processed in order, others in parallel;
/// <c>ConcurrentMessageLimit</c> says how many at once, <c>PrefetchCount</c> how many wait in memory.
/// </summary>
public interface ITopicEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>Where a group without a committed offset begins.</summary>
    /// <value>The default value is <see cref="Confluent.Kafka.AutoOffsetReset.Earliest"/>.</value>
    AutoOffsetReset AutoOffsetReset { set; }

    /// <summary>How often offsets of finished messages are committed. After a crash at most this much is delivered again.</summary>
    /// <value>The default value is 1 second.</value>
    TimeSpan CheckpointInterval { set; }

    /// <summary>How many finished messages make a commit before the interval is over.</summary>
    /// <value>The default value is 5,000.</value>
    int CheckpointMessageCount { set; }

    /// <summary>How many messages of one key may be processed at once. More than one gives up the order within a key.</summary>
    /// <value>The default value is 1.</value>
    int ConcurrentDeliveryLimit { set; }

    /// <summary>
    /// How long messages that are being processed may take to finish when their partition is taken away or the endpoint stops; then they are cancelled,
    /// and delivered again elsewhere.
    /// </summary>
    /// <value>The default value is 10 seconds.</value>
    TimeSpan RevokeTimeout { set; }
}
