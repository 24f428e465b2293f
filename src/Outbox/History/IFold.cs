namespace Outbox.History;

/// <summary>Makes a state of an entity's events.</summary>
/// <typeparam name="TState">The state. It is never changed in place, and where there are snapshots it is stored as JSON.</typeparam>
public interface IFold<TState>
    where TState : class
{
    /// <summary>The state of an entity to which nothing has happened.</summary>
    TState Initial { get; }

    /// <summary>The state after an event. It depends on the two alone: not on the time, nor on anything that is asked for.</summary>
    TState Evolve(TState state, object @event);
}
