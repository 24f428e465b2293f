using MassTransit;
using Outbox.Kafka;
using Outbox.Kafka.Inbox.Rider;

namespace Outbox;

/// <summary>Consumes Kafka topics with MassTransit consumers.</summary>
public static class KafkaRiderExtensions
{
    /// <summary>
    /// Consumes topics that an outbox publishes to. Each message is processed once: the inbox record, the consumer's writes and its own messages are one
    /// transaction. What fails after the endpoint's retries, or cannot be read, is parked, and its partition goes on.
    /// </summary>
    /// <remarks>
    /// Put retries on the endpoint (<c>e.UseMessageRetry</c>), where each attempt has a transaction of its own, and not on the consumer: there they run inside
    /// the transaction, which would then hold what failed attempts wrote. A saga's state is its repository's own and not part of the transaction. Handlers run without the inbox.
    /// </remarks>
    public static void UsingKafkaOutbox(
        this IRiderRegistrationConfigurator rider, Action<IRiderRegistrationContext, IKafkaOutboxConfigurator> configure) =>
        rider.SetRiderFactory(new KafkaRiderFactory(configure));
}
