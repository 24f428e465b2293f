using Outbox.History;
using Outbox.History.Registration;
using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>Makes states of events as history does.</summary>
internal static class Folds
{
    public static StateFold Of<T>()
        where T : Aggregate => new AggregateFold<T>(MessageJson.Default);

    public static StateFold Of<TState>(IFold<TState> fold)
        where TState : class => new DeciderFold<TState>(fold, MessageJson.Default);

    public static object Fold(StateFold fold, string id, IEnumerable<object> events) => Continue(fold, fold.Begin(id), 0, events);

    public static object Continue(StateFold fold, object state, int version, IEnumerable<object> events) =>
        events.Aggregate(state, (current, @event) => fold.Apply(current, @event, ++version));

    /// <summary>What a method changes beside its events is there until the aggregate is loaded the next time.</summary>
    /// <returns>What is wrong; <see langword="null"/> if nothing is.</returns>
    public static string? CheckOnlyEventsCount(StateFold fold, string id, IReadOnlyCollection<object> given, Aggregate aggregate)
    {
        var (live, replayed) = (fold.Write(aggregate), fold.Write(Fold(fold, id, given.Concat(aggregate.Raised))));
        return live == replayed ? null
            : $"The state is {live}, but its events make {replayed}: something has changed it that no event tells of, and is lost when it is loaded again. Change the state in When alone.";
    }
}
