using System.Text.Json;
using Outbox.History;
using Outbox.History.Registration;

namespace Outbox;

/// <summary>Says what is made of the events that a topic keeps.</summary>
public sealed class HistoryConfigurator
{
    private readonly string _topic;
    private readonly Dictionary<Type, Func<JsonSerializerOptions, StateFold>> _folds = [];
    private readonly Dictionary<Type, (SnapshotPolicy Policy, int Schema)> _snapshots = [];

    internal HistoryConfigurator(string topic) => _topic = topic;

    /// <summary>An aggregate that raises the topic's events and is made of them.</summary>
    public void Aggregate<T>()
        where T : Aggregate => _folds[typeof(T)] = json => new AggregateFold<T>(json);

    /// <summary>A decider whose events are the topic's.</summary>
    public void Decider<TCommand, TState>(IDecider<TCommand, TState> decider)
        where TState : class => Fold(decider);

    /// <summary>A state that is made of the topic's events, for those that are decided elsewhere.</summary>
    public void Fold<TState>(IFold<TState> fold)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(fold);
        if (typeof(TState).IsSubclassOf(typeof(Aggregate)))
        {
            throw new OutboxConfigurationException($"{typeof(TState).FullName} is an aggregate, which is its own fold: h.Aggregate<{typeof(TState).Name}>().");
        }

        _folds[typeof(TState)] = json => new DeciderFold<TState>(fold, json);
    }

    /// <summary>
    /// Stores the state now and then, so that loading an entity need not begin at its first event. The state of an aggregate is all of its fields; that of a decider is what its JSON has.
    /// </summary>
    /// <typeparam name="T">The aggregate; or the state of a decider, which is registered with <see cref="Decider"/> too.</typeparam>
    /// <param name="policy">When.</param>
    /// <param name="schema">The version of the state's shape, from 1: raise it when the type changes, or when <c>When</c> does. Snapshots of other versions are not used.</param>
    public void Snapshot<T>(SnapshotPolicy policy, int schema)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (schema < 1)
        {
            throw new OutboxConfigurationException(
                $"The snapshot of {typeof(T).FullName} (topic '{_topic}') has the schema {schema}. Begin with 1 and raise it whenever the type's fields, or what events do to them, change.");
        }

        if (!_snapshots.TryAdd(typeof(T), (policy, schema)))
        {
            throw new OutboxConfigurationException($"The snapshot of {typeof(T).FullName} (topic '{_topic}') is configured twice. Keep one.");
        }

        if (typeof(T).IsSubclassOf(typeof(Aggregate)))
        {
            _folds.TryAdd(typeof(T), json => (StateFold)Activator.CreateInstance(typeof(AggregateFold<>).MakeGenericType(typeof(T)), json)!);
        }
    }

    internal IEnumerable<StateRegistration> States(string entityType, JsonSerializerOptions json)
    {
        if (_snapshots.Keys.FirstOrDefault(state => !_folds.ContainsKey(state)) is { } unknown)
        {
            throw new OutboxConfigurationException(
                $"{unknown.FullName} has snapshots on topic '{_topic}', but nothing says how it is made of events. Register its decider too, h.Decider(…), or have it derive from {nameof(History.Aggregate)}.");
        }

        foreach (var (state, make) in _folds)
        {
            var (policy, schema) = _snapshots.GetValueOrDefault(state);
            yield return new StateRegistration(state, _topic, entityType, make(json)) { Snapshots = policy, Schema = schema };
        }
    }
}
