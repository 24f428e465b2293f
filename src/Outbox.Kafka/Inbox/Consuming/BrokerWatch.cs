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
    private bool _looked;

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

    /// <summary>
    /// Asks the cluster for the topic while the endpoint suffers, at most once a second; and for those of a pattern once at first, because nobody reports that none matches.
    /// </summary>
    public void Look(IConsumer<byte[]?, byte[]?> consumer)
    {
        var first = services.Topics.IsPattern && !_looked;
        if (!first && (!health.Suffers(EndpointHealth.Broker) || services.Time.GetElapsedTime(_lastLook) < Interval))
        {
            return;
        }

        _looked = true;

        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            if (ErrorOf(admin) is { } error)
            {
                Faulted(Explain(error));
            }
            else
            {
                Recovered();
            }
        }
        catch (KafkaException failure)
        {
            Faulted(Explain(failure.Error));
        }
        finally
        {
            _lastLook = services.Time.GetTimestamp();
        }
    }

    private Error? ErrorOf(IAdminClient admin)
    {
        if (!services.Topics.IsPattern)
        {
            var topic = admin.GetMetadata(services.TopicName, Interval).Topics[0];
            return topic.Error.IsError ? topic.Error : null;
        }

        var found = admin.GetMetadata(Interval).Topics.Where(topic => services.Topics.Matches(topic.Topic)).ToList();
        return found.Count == 0 ? new Error(ErrorCode.Local_UnknownTopic) : found.Find(topic => topic.Error.IsError)?.Error;
    }

    private string Explain(Error error) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic when services.Topics.IsPattern =>
            $"No topic matches '{services.TopicName}'. Create one; consumption starts by itself.",
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
