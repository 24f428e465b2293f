namespace Outbox.History;

/// <summary>
/// An entity as three functions instead of a class: what a command makes happen, and what that makes of the state. None of them has effects, so all of them may run again.
/// </summary>
/// <typeparam name="TCommand">What it is asked to do.</typeparam>
/// <typeparam name="TState">What it knows of the entity. It is never changed in place, and where there are snapshots it is stored as JSON.</typeparam>
public interface IDecider<in TCommand, TState> : IFold<TState>
    where TState : class
{
    /// <summary>What happens when a command meets a state. It refuses a command by throwing.</summary>
    /// <returns>Events of registered types; none, if nothing is to happen.</returns>
    IEnumerable<object> Decide(TCommand command, TState state);
}
