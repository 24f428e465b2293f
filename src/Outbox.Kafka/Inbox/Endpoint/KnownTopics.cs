using System.Collections.Concurrent;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>The topics that an endpoint consumes; those that match a pattern are known once a partition of theirs was assigned.</summary>
internal sealed class KnownTopics
{
    private readonly ConcurrentDictionary<string, bool> _topics = new();
    private readonly string? _live;

    /// <param name="selector">The topics, as the brokers know them.</param>
    /// <param name="live">The one that all messages belong to, where they come on a topic that its history is replayed into.</param>
    public KnownTopics(TopicSelector selector, string? live = null)
    {
        (Selector, _live) = (selector, live);
        if (!selector.IsPattern)
        {
            Add(selector.ToString());
        }
    }

    public TopicSelector Selector { get; }

    /// <summary>Those that messages belong to.</summary>
    public ICollection<string> All => _topics.Keys;

    public void Add(string topic) => _topics.TryAdd(Of(topic), true);

    /// <summary>The topic that the messages of one belong to.</summary>
    public string Of(string topic) => _live ?? topic;
}
