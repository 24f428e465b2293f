using System.Text.Json;

namespace Outbox.History.Registration;

/// <summary>Makes a state of events, whatever its type. Stateless.</summary>
public abstract class StateFold
{
    /// <summary>A state to which nothing has happened.</summary>
    internal abstract object Begin(string id);

    /// <summary>The state after one more event.</summary>
    internal abstract object Apply(object state, object @event, long version);

    /// <summary>The state as JSON, as a snapshot stores it.</summary>
    internal abstract string Write(object state);

    /// <summary>The state of a snapshot.</summary>
    /// <exception cref="JsonException">The JSON is not one of this state.</exception>
    internal abstract object Read(string json, string id, long version);
}
