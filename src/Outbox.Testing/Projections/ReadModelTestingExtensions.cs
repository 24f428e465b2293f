using Outbox.History.Projecting;

namespace Outbox.Testing.Projections;

/// <summary>Reads what a query of the store would, in tests.</summary>
public static class ReadModelTestingExtensions
{
    /// <summary>All rows of a read model in memory, in the order of their entities' ids.</summary>
    /// <typeparam name="TRow">The projection's rows.</typeparam>
    /// <exception cref="InvalidOperationException">It is not in memory: the store's own queries read it.</exception>
    public static IReadOnlyList<TRow> AllInMemory<TRow>(this IReadModel<TRow> rows)
        where TRow : class => rows is InMemoryReadModel<TRow> own
            ? own.All()
            : throw new InvalidOperationException($"The rows of {typeof(TRow).Name} are not in memory (o.UseInMemory()). Query their store, as the service does.");
}
