using Confluent.Kafka;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>
/// Keeps the endpoint's health true: a lost cluster or a missing topic makes it unhealthy at once, and it is asked for until it answers again.
/// </summary>
internal sealed class BrokerWatch(EndpointServices services, EndpointHealth health)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _lastLook;

    /// <summary>An error that librdkafka reports; it goes on by itself.</summary>
    public void Reported(Error error)
    {
        if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic
            or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed)
        {
            Faulted(Explain(error));
            return;
        }

        services.Logger.ConsumerError(services.TopicName, error.Code, error.Reason);
    }

    /// <summary>An error that the consumer does not survive.</summary>
    public void Failed(Exception error)
    {
        services.Logger.ConsumerReplaced(error, services.TopicName, services.Settings.Group);
        Faulted(error.Message);
    }

    /// <summary>Asks the cluster for the topic while the endpoint suffers, at most once a second.</summary>
    public void Look(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (!health.Suffers(EndpointHealth.Broker) || services.Time.GetElapsedTime(_lastLook) < Interval)
        {
            return;
        }

        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            var topic = admin.GetMetadata(services.TopicName, Interval).Topics[0];
            if (topic.Error.IsError)
            {
                Faulted(Explain(topic.Error));
            }
            else
            {
                Recovered();
            }
        }
        catch (KafkaException error)
        {
            Faulted(Explain(error.Error));
        }
        finally
        {
            _lastLook = services.Time.GetTimestamp();
        }
    }

    private string Explain(Error error) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic =>
            $"Topic '{services.TopicName}' does not exist. Create it; consumption starts by itself.",
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut =>
            $"No Kafka broker of {services.Kafka.BootstrapServers} can be reached; consumption goes on when one is back.",
        _ => $"{error.Code}: {error.Reason}",
    };

    private void Faulted(string reason)
    {
        if (health.FaultedAsync(EndpointHealth.Broker, new OutboxException(reason)).GetAwaiter().GetResult())
        {
            services.Logger.EndpointFaulted(services.TopicName, services.Settings.Group, reason);
        }
    }

    private void Recovered()
    {
        if (health.RecoveredAsync(EndpointHealth.Broker).GetAwaiter().GetResult())
        {
            services.Logger.EndpointRecovered(services.TopicName, services.Settings.Group);
        }
    }
}
