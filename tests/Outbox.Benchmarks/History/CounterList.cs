using Outbox.History.Projecting;

namespace Outbox.Benchmarks.History;

internal sealed record CounterRow(string Id, long Sum, int Changes);

/// A read model that folds every event.
internal sealed class CounterList : Projection<CounterRow>
{
    public CounterList()
        : base($"counters-{Guid.NewGuid():N}", version: 1)
    {
        On<CounterStarted>((_, e) => new CounterRow(e.CounterId, 0, 1));
        On<Counted>((row, e) => row! with { Sum = row.Sum + e.By, Changes = row.Changes + 1 });
    }
}
