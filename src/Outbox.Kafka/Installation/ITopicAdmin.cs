using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Installation;

/// <summary>What the installer asks of the brokers.</summary>
internal interface ITopicAdmin
{
    /// <returns>What the topic looks like, or <see langword="null"/> when there is no such topic.</returns>
    /// <exception cref="TopicDeniedException">This service may not know.</exception>
    /// <exception cref="TopicsUnavailableException">The brokers did not answer.</exception>
    /// <exception cref="OutboxConfigurationException">There can be no such topic.</exception>
    Task<TopicShape?> FindAsync(string topic, CancellationToken cancellationToken);

    /// <returns>How long the topic keeps its messages; <see cref="TimeSpan.MaxValue"/> when it deletes none for their age.</returns>
    /// <exception cref="TopicsUnavailableException">The brokers did not say.</exception>
    Task<TimeSpan> RetentionAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Creates a topic; one that another process has just created is fine.</summary>
    /// <exception cref="OutboxConfigurationException">The brokers refuse.</exception>
    /// <exception cref="TopicsUnavailableException">The brokers did not answer.</exception>
    Task CreateAsync(string topic, TopicRegistration settings, CancellationToken cancellationToken);
}
