using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Installation;

/// <summary>Brokers with topics, of which some keep their messages for a time.</summary>
internal sealed class FakeTopics : ITopicAdmin
{
    public Dictionary<string, int> Existing { get; } = [];

    public Dictionary<string, TimeSpan> Retention { get; } = [];

    public List<(string Topic, int? Partitions, short? ReplicationFactor)> Created { get; } = [];

    public bool Down { get; set; }

    public HashSet<string> Denied { get; } = [];

    public Task<TopicShape?> FindAsync(string topic, CancellationToken cancellationToken) => Down
        ? throw new TopicsUnavailableException("no broker")
        : Denied.Contains(topic) ? throw new TopicDeniedException(topic, "Describe")
        : Task.FromResult(Existing.TryGetValue(topic, out var partitions) ? new TopicShape(partitions, Replicas) : (TopicShape?)null);

    public int Replicas { get; set; } = 3;

    public Task<TimeSpan> RetentionAsync(string topic, CancellationToken cancellationToken) => !Down && Retention.TryGetValue(topic, out var kept)
        ? Task.FromResult(kept)
        : throw new TopicsUnavailableException("not authorized");

    public Task CreateAsync(string topic, TopicRegistration settings, CancellationToken cancellationToken)
    {
        Created.Add((topic, settings.Partitions, settings.ReplicationFactor));
        return Task.CompletedTask;
    }
}
