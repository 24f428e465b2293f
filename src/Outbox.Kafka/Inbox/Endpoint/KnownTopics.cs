using System.Collections.Concurrent;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>The topics that an endpoint consumes; those that match a pattern are known once a partition of theirs was assigned.</summary>
internal sealed class KnownTopics
{
    private readonly ConcurrentDictionary<string, bool> _topics = new();

    public KnownTopics(TopicSelector selector)
    {
        Selector = selector;
        if (!selector.IsPattern)
        {
            Add(selector.ToString());
        }
    }

    public TopicSelector Selector { get; }

    public ICollection<string> All => _topics.Keys;

    public void Add(string topic) => _topics.TryAdd(topic, true);
}
