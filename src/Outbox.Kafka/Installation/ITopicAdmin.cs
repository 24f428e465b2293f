using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Installation;

/// <summary>What the installer asks of the brokers.</summary>
internal interface ITopicAdmin
{
    /// <returns>How many partitions the topic has, or <see langword="null"/> when there is no such topic.</returns>
    /// <exception cref="TopicsUnavailableException">The brokers did not say.</exception>
    Task<int?> PartitionsAsync(string topic, CancellationToken cancellationToken);

    /// <returns>How long the topic keeps its messages; <see cref="TimeSpan.MaxValue"/> when it deletes none for their age.</returns>
    /// <exception cref="TopicsUnavailableException">The brokers did not say.</exception>
    Task<TimeSpan> RetentionAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Creates a topic; one that another process has just created is fine.</summary>
    /// <exception cref="OutboxConfigurationException">The brokers refuse.</exception>
    /// <exception cref="TopicsUnavailableException">The brokers did not answer.</exception>
    Task CreateAsync(string topic, TopicRegistration settings, CancellationToken cancellationToken);
}
