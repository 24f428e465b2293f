using System.Collections.Concurrent;

namespace Outbox.Inbox.Health;

/// <summary>The endpoints of this process.</summary>
/// <param name="time">The clock.</param>
public sealed class EndpointStates(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Endpoint, string Topic), EndpointState> _states = new();

    /// <summary>All of them.</summary>
    public IEnumerable<EndpointState> All => _states.Values.OrderBy(state => state.Endpoint, StringComparer.Ordinal).ThenBy(state => state.Topic, StringComparer.Ordinal);

    /// <summary>An endpoint's state; its first caller adds it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="topic">The topic, or the pattern of topics, that it consumes.</param>
    public EndpointState Of(string endpoint, string topic) => _states.GetOrAdd((endpoint, topic), key => new EndpointState(key.Endpoint, key.Topic, time));
}
