using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>
/// Keeps the endpoint's health true: a lost cluster or a missing topic makes it unhealthy at once, and it is asked for until it answers again.
/// </summary>
internal sealed class BrokerWatch(EndpointName endpoint, EndpointHealth health, KafkaOptions kafka, TimeProvider time, ILogger logger)
{
    private const int MostTold = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RefusalInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(10);

    // What was told of since the endpoint consumed last. On slow brokers the same two reasons take turns, and one of them is only that nobody answered in time.
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    private long _lastLook;
    private long _refusedAt;
    private Error? _refusal;
    private bool _looked;

    /// <summary>Whether the consumer is a member of its group, and needs a right for that.</summary>
    public bool JoinsGroup { get; init; } = true;

    /// <summary>An error that librdkafka reports; it goes on by itself.</summary>
    public void Reported(Error error)
    {
        if (IsRefusal(error.Code))
        {
            (_refusal, _refusedAt) = (error, time.GetTimestamp());
            Faulted(Explain(error));
            return;
        }

        if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
        {
            Faulted(Explain(error));
            return;
        }

        logger.ConsumerError(endpoint.Topic, error.Code, error.Reason);
    }

    /// <summary>An error that the consumer does not survive. Blocks until it is time to build another one.</summary>
    public void Failed(Exception error, CancellationToken stopping)
    {
        logger.ConsumerReplaced(error, endpoint.Topic, endpoint.Group);
        Faulted(error.Message);
        Task.WaitAny([Task.Delay(Interval, time, stopping)], CancellationToken.None);
    }

    /// <summary>An error in the end of a consumer, which was to end anyway.</summary>
    public void EndedBy(Exception error) => logger.ConsumerEnded(error, endpoint.Topic, endpoint.Group);

    /// <summary>
    /// Asks the cluster for the topic while the endpoint suffers, at most once a second; and for those of a pattern once at first, because nobody reports that none matches.
    /// </summary>
    public void Look(IConsumer<byte[]?, byte[]?> consumer)
    {
        var first = endpoint.Topics.Selector.IsPattern && !_looked;
        if (!first && (!health.Suffers(EndpointHealth.Broker) || time.GetElapsedTime(_lastLook) < (_refusal is null ? Interval : RefusalInterval)))
        {
            return;
        }

        _looked = true;

        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            if ((IsOfCredentials() ? _refusal : ErrorOf(admin) ?? RefusalBy(admin)) is { } error)
            {
                Faulted(Explain(error));
            }
            else
            {
                _refusal = null;
                Recovered();
            }
        }
        catch (KafkaException failure)
        {
            // That nobody answers in time does not take back what was refused.
            Faulted(Explain(_refusal ?? failure.Error));
        }
        finally
        {
            _lastLook = time.GetTimestamp();
        }
    }

    private Error? ErrorOf(IAdminClient admin)
    {
        if (!endpoint.Topics.Selector.IsPattern)
        {
            var topic = admin.GetMetadata(endpoint.Topic, Interval).Topics[0];
            return topic.Error.IsError ? topic.Error : null;
        }

        var found = admin.GetMetadata(Interval).Topics.Where(topic => endpoint.Topics.Selector.Matches(topic.Topic)).ToList();
        return found.Count == 0 ? new Error(ErrorCode.Local_UnknownTopic) : found.Find(topic => topic.Error.IsError)?.Error;
    }

    /// <summary>Credentials are refused with every connection: as long as that is recent, there is nobody to ask.</summary>
    private bool IsOfCredentials() => _refusal is not null && !IsOfRights(_refusal.Code) && IsRecent();

    /// <summary>
    /// The client tells once that a right is missing, and not that it was granted; that the topic is there says nothing about a right to read it. So the brokers are asked. Where they do not say, a right counts
    /// as granted that has not been refused for a while.
    /// </summary>
    private Error? RefusalBy(IAdminClient admin) =>
        _refusal is not null && IsOfRights(_refusal.Code) && (ReadRights.AreMissing(admin, JoinsGroup ? endpoint.Group : null, endpoint.Topics.All) ?? IsRecent()) ? _refusal : null;

    private bool IsRecent() => time.GetElapsedTime(_refusedAt) < RefusedFor;

    private static bool IsOfRights(ErrorCode code) => code is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed;

    private static bool IsRefusal(ErrorCode code) => IsOfRights(code) || code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl;

    private string Explain(Error error) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic when endpoint.Topics.Selector.IsPattern =>
            $"No topic matches '{endpoint.Topic}'. Create one; consumption starts by itself.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic =>
            $"Topic '{endpoint.Topic}' does not exist. Create it; consumption starts by itself.",
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut =>
            $"No Kafka broker of {kafka.BootstrapServers} can be reached; consumption goes on when one is back.",
        ErrorCode.TopicAuthorizationFailed =>
            $"The brokers refuse topic '{endpoint.Topic}' to this user, who needs the rights Read and Describe on it. Grant them; consumption starts by itself.",
        ErrorCode.GroupAuthorizationFailed =>
            $"The brokers refuse group '{endpoint.Group}' to this user, who needs the right Read on it. Grant it; consumption starts by itself.",
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl =>
            $"The brokers of {kafka.BootstrapServers} refuse the connection: {error.Reason} Look at the security settings (security.protocol, sasl.…, ssl.…).",
        _ => $"{error.Code}: {error.Reason}",
    };

    private void Faulted(string reason)
    {
        if (health.FaultedAsync(EndpointHealth.Broker, new OutboxException(reason)).GetAwaiter().GetResult() && IsNews(reason))
        {
            logger.EndpointFaulted(endpoint.Topic, endpoint.Group, reason);
        }
    }

    private bool IsNews(string reason)
    {
        if (_told.Count == MostTold)
        {
            _told.Clear();
        }

        return _told.Add(reason);
    }

    private void Recovered()
    {
        if (health.RecoveredAsync(EndpointHealth.Broker).GetAwaiter().GetResult())
        {
            _told.Clear();
            logger.EndpointRecovered(endpoint.Topic, endpoint.Group);
        }
    }
}
