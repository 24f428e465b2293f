using Outbox.History;

namespace Outbox.Benchmarks.History;

internal sealed record CounterStarted(string CounterId, string Note);

internal sealed record Counted(string CounterId, int By, string Note);

/// An entity whose events are of 200 bytes or so.
internal sealed class Counter : Aggregate
{
    public static readonly string Note = new('x', 150);

    public Counter(string id)
    {
        Id = id;
        Raise(new CounterStarted(id, Note));
    }

    private Counter()
    {
    }

    public long Sum { get; private set; }

    public void Count(int by) => Raise(new Counted(Id, by, Note));

    protected override void When(object @event)
    {
        if (@event is Counted counted)
        {
            Sum += counted.By;
        }
    }
}
