using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Kafka.History.Repair;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Installation;

/// <summary>Creates or checks the registered topics, once and off the hot path. Safe to run again and from several processes at once.</summary>
internal sealed class KafkaInstaller(ITopicAdmin admin, TopicRegistry topics, RepairTopics repairs, IOptions<KafkaOptions> options, ILogger<KafkaInstaller> logger)
{
    /// <summary>Brokers that do not answer hold up no start: messages wait in the outbox until they do.</summary>
    /// <exception cref="OutboxConfigurationException">A topic is missing and may not be created, or the brokers refuse to create it; or nobody would hear of gaps that are to be answered.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        repairs.Check();
        if (options.Value.CreateTopics is not { } mayCreate)
        {
            return;
        }

        try
        {
            // What may not be looked at costs the others nothing.
            foreach (var topic in topics.All.Where(topic => !BusTopics.Contains(topic.Name)).OrderBy(topic => topic.Name, StringComparer.Ordinal))
            {
                await InstallAsync(options.Value.TopicPrefix + topic.Name, topic, mayCreate, cancellationToken).ConfigureAwait(false);
            }

            foreach (var asked in repairs.Asked.ExceptBy(topics.All.Select(topic => topic.Name), asked => asked.Name))
            {
                await InstallAskedAsync(options.Value.TopicPrefix + asked.Name, asked, mayCreate, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TopicsUnavailableException error)
        {
            logger.TopicsNotChecked(error, error.Message.TrimEnd('.'));
        }
    }

    private async Task InstallAsync(string name, TopicRegistration topic, bool mayCreate, CancellationToken cancellationToken)
    {
        TopicShape? found;
        try
        {
            found = await admin.FindAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (TopicDeniedException denied)
        {
            logger.TopicDenied(denied.Message);
            return;
        }

        if (found is null && !mayCreate)
        {
            throw new OutboxConfigurationException(
                $"Topic '{name}' does not exist. Create it, with {topic.Partitions?.ToString("N0", null) ?? "enough"} partitions, or set "
                + $"{KafkaOptions.Section}:CreateTopics to true.");
        }

        if (found is null)
        {
            await admin.CreateAsync(name, topic, cancellationToken).ConfigureAwait(false);
            logger.TopicCreated(name);
        }
        else
        {
            Compare(name, found.Value, topic);
        }
    }

    /// <summary>It is another service's, which may come later: until then commands wait in the outbox.</summary>
    private async Task InstallAskedAsync(string name, TopicRegistration topic, bool mayCreate, CancellationToken cancellationToken)
    {
        try
        {
            await InstallAsync(name, topic, mayCreate, cancellationToken).ConfigureAwait(false);
        }
        catch (OutboxConfigurationException error)
        {
            logger.NobodyToAsk(name, error.Message);
        }
    }

    private void Compare(string name, TopicShape found, TopicRegistration topic)
    {
        if (found.Partitions < topic.Partitions)
        {
            logger.TooFewPartitions(name, found.Partitions, topic.Partitions.Value);
        }

        if (found.Replicas < topic.ReplicationFactor)
        {
            logger.TooFewReplicas(name, found.Replicas, topic.ReplicationFactor.Value);
        }
    }
}
