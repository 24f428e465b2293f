using System.Collections.Frozen;

using Outbox.Payloads;

namespace Outbox.Messages.Registration;

/// <summary>The settings of the topics that this service knows.</summary>
public sealed class TopicRegistry
{
    private readonly FrozenDictionary<string, TopicRegistration> _topics;
    private readonly bool _hasTransforms;
    private readonly bool _hasClaims;

    /// <summary>Builds the registry. Of two registrations of one topic the last counts.</summary>
    public TopicRegistry(IEnumerable<TopicRegistration> registrations)
    {
        _topics = registrations.GroupBy(topic => topic.Name, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        _hasTransforms = _topics.Values.Any(topic => topic.Transforms is not null);
        _hasClaims = _topics.Values.Any(topic => topic.Claims is not null);
    }

    /// <summary>All topics.</summary>
    public IReadOnlyCollection<TopicRegistration> All => _topics.Values;

    /// <summary>Whether any topic's payloads go through transforms.</summary>
    internal bool HasTransforms => _hasTransforms;

    /// <summary>Whether any topic's large payloads are kept apart.</summary>
    internal bool HasClaims => _hasClaims;

    /// <summary>The transforms of a topic, if it has any.</summary>
    internal string? TransformsOf(string topic) => _hasTransforms && _topics.TryGetValue(topic, out var found) ? found.Transforms : null;

    /// <summary>How a topic's large payloads are kept apart, if they are.</summary>
    internal ClaimCheckOptions? ClaimsOf(string topic) => _hasClaims && _topics.TryGetValue(topic, out var found) ? found.Claims : null;

    /// <summary>What happens to an entity's later messages when one of this topic is parked.</summary>
    public ParkedPolicy OnParked(string topic) => _topics.TryGetValue(topic, out var found) ? found.OnParked : ParkedPolicy.HoldEntity;
}
