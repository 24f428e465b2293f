using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Installation;

/// <summary>Asks the brokers, each time with a client that lives as long as the question: topics are looked at once, at start.</summary>
internal sealed class TopicAdmin(IOptions<KafkaOptions> options) : ITopicAdmin
{
    public Task<TopicShape?> FindAsync(string topic, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var admin = Connect();
            try
            {
                var found = admin.GetMetadata(topic, options.Value.TopicTimeout).Topics.SingleOrDefault(x => x.Topic == topic);
                return found switch
                {
                    null or { Error.Code: ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic } => (TopicShape?)null,
                    { Error.Code: ErrorCode.TopicAuthorizationFailed } => throw new TopicDeniedException(topic, "Describe"),
                    { Error.Code: ErrorCode.TopicException } => throw Invalid(topic),
                    { Error.IsError: true } => throw new TopicsUnavailableException($"topic '{topic}': {found.Error.Reason}"),
                    _ => new TopicShape(found.Partitions.Count, found.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Min()),
                };
            }
            catch (KafkaException error)
            {
                throw new TopicsUnavailableException(error.Error.Reason, error);
            }
        },
        cancellationToken);

    public async Task<TimeSpan> RetentionAsync(string topic, CancellationToken cancellationToken)
    {
        using var admin = Connect();
        try
        {
            var found = await admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions { RequestTimeout = options.Value.TopicTimeout })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return RetentionOf(name => found[0].Entries.TryGetValue(name, out var entry) ? entry.Value : null);
        }
        catch (KafkaException error)
        {
            throw new TopicsUnavailableException($"topic '{topic}': {error.Error.Reason}", error);
        }
    }

    /// <summary>A topic that is only compacted keeps each key's last message for ever, and <c>retention.ms=-1</c> means the same.</summary>
    public static TimeSpan RetentionOf(Func<string, string?> config) =>
        (config("cleanup.policy") ?? "delete").Contains("delete", StringComparison.Ordinal)
        && long.TryParse(config("retention.ms"), CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds >= 0 && milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.MaxValue;

    public async Task CreateAsync(string topic, TopicRegistration settings, CancellationToken cancellationToken)
    {
        using var admin = Connect();
        var specification = new TopicSpecification
        {
            Name = topic,
            NumPartitions = settings.Partitions ?? -1,
            ReplicationFactor = settings.ReplicationFactor ?? -1,
            Configs = settings.Retention is { } retention ? new() { ["retention.ms"] = retention.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) } : null,
        };
        var timeout = options.Value.TopicTimeout;
        try
        {
            await admin.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = timeout, OperationTimeout = timeout })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CreateTopicsException error) when (error.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another process was faster.
        }
        catch (CreateTopicsException error) when (error.Results.Any(result => result.Error.IsBrokerError && result.Error.Code != ErrorCode.RequestTimedOut))
        {
            throw Refused(topic, error);
        }
        catch (KafkaException error)
        {
            throw new TopicsUnavailableException(error.Error.Reason, error);
        }
    }

    private static OutboxConfigurationException Refused(string topic, CreateTopicsException error)
    {
        var reason = error.Results[0].Error;
        var advice = reason.Code switch
        {
            ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => "Grant the right Create on the topic or the cluster",
            ErrorCode.TopicException => "Change its name",
            _ => "Change t.Partitions or t.ReplicationFactor",
        };
        return new OutboxConfigurationException(
            $"The brokers refuse to create topic '{topic}': {reason.Reason.TrimEnd('.')}. {advice}, or create it by hand and set {KafkaOptions.Section}:CreateTopics to false.", error);
    }

    private static OutboxConfigurationException Invalid(string topic) => new(
        $"The brokers say that '{topic}' cannot be the name of a topic. Change it, or {KafkaOptions.Section}:TopicPrefix.");

    private IAdminClient Connect() => ClientBuilders.Admin(options.Value, ClientSettings.Admin(options.Value), _ => { }, _ => { }).Build();
}
