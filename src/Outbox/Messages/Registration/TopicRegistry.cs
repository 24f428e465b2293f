using System.Collections.Frozen;

namespace Outbox.Messages.Registration;

/// <summary>The settings of the topics that this service knows.</summary>
public sealed class TopicRegistry(IEnumerable<TopicRegistration> registrations)
{
    private readonly FrozenDictionary<string, TopicRegistration> _topics = registrations
        .GroupBy(topic => topic.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);

    /// <summary>All topics.</summary>
    public IReadOnlyCollection<TopicRegistration> All => _topics.Values;

    /// <summary>What happens to an entity's later messages when one of this topic is parked.</summary>
    public ParkedPolicy OnParked(string topic) => _topics.TryGetValue(topic, out var found) ? found.OnParked : ParkedPolicy.HoldEntity;
}
