using Outbox.History;

namespace Outbox.Testing;

/// <summary>What has happened to an entity.</summary>
public sealed class GivenEvents
{
    private const string Id = "entity-1";

    private readonly object[] _events;

    internal GivenEvents(object[] events) => _events = events;

    /// <summary>Does something with the aggregate that these events make.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="id">The aggregate's id.</param>
    public ScenarioOutcome When<T>(Action<T> action, string id = Id)
        where T : Aggregate
    {
        ArgumentNullException.ThrowIfNull(action);
        var aggregate = (T)Folds.Fold(Folds.Of<T>(), id, _events);
        return Outcome(aggregate, () => action(aggregate));
    }

    /// <summary>Makes a new aggregate. There can be no events before.</summary>
    /// <param name="make">Makes it.</param>
    public ScenarioOutcome When<T>(Func<T> make)
        where T : Aggregate
    {
        ArgumentNullException.ThrowIfNull(make);
        if (_events.Length > 0)
        {
            throw new ScenarioException("A new aggregate has no events before its own: write Given().When(() => new …).");
        }

        try
        {
            var made = make();
            return new ScenarioOutcome([.. made.Raised], error: null, Folds.CheckOnlyEventsCount(Folds.Of<T>(), made.Id, [], made));
        }
        catch (Exception error) when (error is not ScenarioException)
        {
            return new ScenarioOutcome([], error, wrong: null);
        }
    }

    /// <summary>Has a decider decide.</summary>
    /// <param name="decider">The decider.</param>
    /// <param name="command">What it is asked to do.</param>
    public ScenarioOutcome When<TCommand, TState>(IDecider<TCommand, TState> decider, TCommand command)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(decider);
        var state = _events.Aggregate(decider.Initial, decider.Evolve);
        try
        {
            List<object> events = [.. decider.Decide(command, state)];
            _ = events.Aggregate(state, decider.Evolve);
            return new ScenarioOutcome(events, error: null, wrong: null);
        }
        catch (Exception error)
        {
            return new ScenarioOutcome([], error, wrong: null);
        }
    }

    private ScenarioOutcome Outcome<T>(T aggregate, Action action)
        where T : Aggregate
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            return new ScenarioOutcome([.. aggregate.Raised], error, wrong: null);
        }

        return new ScenarioOutcome([.. aggregate.Raised], error: null, Folds.CheckOnlyEventsCount(Folds.Of<T>(), aggregate.Id, _events, aggregate));
    }
}
