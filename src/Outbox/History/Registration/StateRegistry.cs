using System.Collections.Frozen;
using Outbox.Messages;

namespace Outbox.History.Registration;

/// <summary>Every state that this service makes of kept events.</summary>
public sealed class StateRegistry
{
    private readonly FrozenDictionary<Type, StateRegistration> _states;

    /// <summary>Builds the registry.</summary>
    /// <exception cref="OutboxConfigurationException">A state is of two topics, or two states of one type of entity have snapshots.</exception>
    public StateRegistry(IEnumerable<StateRegistration> registrations)
    {
        var states = new Dictionary<Type, StateRegistration>();
        foreach (var added in registrations)
        {
            if (!states.TryAdd(added.StateType, added))
            {
                throw new OutboxConfigurationException(
                    $"{added.StateType.FullName} is made of the events of topic '{states[added.StateType].Topic}' and again of those of topic '{added.Topic}'. Register it once.");
            }

            if (added.Snapshots is not null && states.Values.FirstOrDefault(other => other != added && other.Snapshots is not null && other.EntityType == added.EntityType) is { } other)
            {
                throw new OutboxConfigurationException(
                    $"{other.StateType.FullName} and {added.StateType.FullName} both have snapshots, of the entity type '{added.EntityType}', and there is room for one. "
                    + "Register one of them with h.Aggregate or h.Decider alone.");
            }
        }

        _states = states.ToFrozenDictionary();
    }

    /// <summary>All states.</summary>
    public IReadOnlyCollection<StateRegistration> All => _states.Values;

    /// <summary>The registration of a state.</summary>
    /// <exception cref="OutboxException">It is not registered.</exception>
    public StateRegistration Get(Type state) => _states.TryGetValue(state, out var found) ? found : throw new OutboxException(
        $"{state.FullName} is the state of no topic that keeps history. Register it with its topic: t.KeepHistory(h => h.{(state.IsSubclassOf(typeof(Aggregate)) ? $"Aggregate<{state.Name}>()" : "Decider(…)")}).");

    internal static Entity EntityOf(StateRegistration state, string id) => new(state.EntityType, id);
}
