using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Kafka.Asking.Topics;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Installation;

/// <summary>Creates or checks the topics of requests and answers. What they carry is worthless after minutes, so those that are created keep it for an hour.</summary>
internal sealed class RequestInstaller(ITopicAdmin admin, RequestTopics topics, IOptions<KafkaOptions> options, ILogger<KafkaInstaller> logger)
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    /// <exception cref="OutboxConfigurationException">A topic of this service's is missing and may not be created; or nobody would read the answers to what is asked.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        topics.CheckRider();
        if (options.Value.CreateTopics is not { } mayCreate)
        {
            return;
        }

        var own = topics.Answered.Select(topic => options.Value.TopicPrefix + topic).Concat(topics.Replies is { } replies ? [replies] : []);
        try
        {
            foreach (var name in own.Order(StringComparer.Ordinal))
            {
                await InstallAsync(name, mayCreate, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TopicsUnavailableException error)
        {
            logger.TopicsNotChecked(error, error.Message.TrimEnd('.'));
        }
    }

    private async Task InstallAsync(string name, bool mayCreate, CancellationToken cancellationToken)
    {
        try
        {
            if (await admin.FindAsync(name, cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
        catch (TopicDeniedException denied)
        {
            logger.TopicDenied(denied.Message);
            return;
        }

        if (!mayCreate)
        {
            throw new OutboxConfigurationException(
                $"Topic '{name}', for requests or their answers, does not exist. Create it, with a retention.ms of an hour or less, or set {KafkaOptions.Section}:CreateTopics to true.");
        }

        await admin.CreateAsync(name, new TopicRegistration(name, default) { Retention = Retention }, cancellationToken).ConfigureAwait(false);
        logger.TopicCreated(name);
    }
}
