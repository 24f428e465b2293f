using Outbox.History;
using Outbox.History.Projecting;

namespace Outbox.Testing;

/// <summary>
/// Tests of aggregates and deciders, in words of events: <c>Given(new OrderPlaced("o1")).When&lt;Order>(o => o.Cancel("late")).Then(new OrderCancelled("o1", "late"))</c>. Nothing runs but the code under
/// test: no store, no host. Whatever is wrong is thrown as a <see cref="ScenarioException"/>, which every test framework shows.
/// </summary>
/// <remarks>Have it at hand: <c>using static Outbox.Testing.Scenario;</c>.</remarks>
public static class Scenario
{
    /// <summary>What has happened before.</summary>
    /// <param name="events">The entity's events from its first; none for a new one.</param>
    public static GivenEvents Given(params object[] events) => new(events);

    /// <summary>
    /// Checks that a state is the same whether it is made of all events, or of a snapshot taken after any of them and the events since: that all of it is in its fields, and that these survive JSON.
    /// </summary>
    /// <typeparam name="T">The aggregate.</typeparam>
    /// <param name="events">Events that bring the state to all that it can hold.</param>
    /// <exception cref="ScenarioException">A snapshot is not faithful; the message says after which event, and what differs.</exception>
    public static void SnapshotIsFaithful<T>(params object[] events)
        where T : Aggregate => FaithfulSnapshots.Check(Folds.Of<T>(), events);

    /// <inheritdoc cref="SnapshotIsFaithful{T}(object[])"/>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="fold">What makes it: a decider, for example.</param>
    /// <param name="events">Events that bring the state to all that it can hold.</param>
    public static void SnapshotIsFaithful<TState>(IFold<TState> fold, params object[] events)
        where TState : class => FaithfulSnapshots.Check(Folds.Of(fold), events);

    /// <summary>
    /// Checks that a projection makes the same row of one entity's events whichever pages they come in and whenever it does: that a rebuild equals what was there live. A fold that asks the clock, that
    /// changes the row it is given, or whose rows do not survive being stored, is found.
    /// </summary>
    /// <typeparam name="T">The projection.</typeparam>
    /// <param name="events">Events of one entity from its first, which bring the row to all that it can hold.</param>
    /// <exception cref="ScenarioException">Two ways make different rows; the message says which.</exception>
    public static void RebuildEqualsLive<T>(params object[] events)
        where T : Projection, new() => RebuiltRows.Check(new T(), events);

    /// <inheritdoc cref="RebuildEqualsLive{T}(object[])"/>
    /// <param name="projection">The projection.</param>
    /// <param name="events">Events of one entity from its first, which bring the row to all that it can hold.</param>
    public static void RebuildEqualsLive(Projection projection, params object[] events) => RebuiltRows.Check(projection, events);
}
