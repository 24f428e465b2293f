using Outbox.Capture;
using Outbox.History;
using Outbox.Messages.Registration;

namespace Outbox.Tests.History;

public sealed class AggregateTests
{
    [Fact]
    public void What_is_raised_changes_the_state_at_once_and_waits_to_be_saved()
    {
        var counter = new Counter("c1");

        counter.Count();
        counter.Count();

        Assert.Equal(("c1", 0L, 2, 2), (counter.Id, counter.Version, counter.Counted, counter.Raised.Count));
    }

    [Fact]
    public void What_was_saved_counts_when_its_transaction_has_committed_and_is_raised_again_when_it_has_not()
    {
        var counter = new Counter("c1");
        counter.Count();
        var failed = Buffer();

        counter.SavedIn(failed);
        counter.Count();
        Assert.Equal((1, 1), (counter.Version, counter.Raised.Count));
        failed.End();
        Assert.Equal((0, 2), (counter.Version, counter.Raised.Count));

        var committed = Buffer();
        counter.SavedIn(committed);
        committed.Commit();
        counter.Count();
        Assert.Equal((2, 1), (counter.Version, counter.Raised.Count));
        Assert.Equal(3, counter.Counted);
    }

    [Fact]
    public void An_event_that_the_state_refuses_is_not_raised()
    {
        var counter = new Counter("c1");

        Assert.Throws<InvalidOperationException>(counter.Fail);
        Assert.Throws<ArgumentNullException>(counter.Nothing);

        Assert.Empty(counter.Raised);
    }

    private static CaptureBuffer Buffer() => new(new MessageRegistry([]), new OutboxOptions(), TimeProvider.System);

    private sealed class Counter : Aggregate
    {
        public Counter(string id) => Id = id;

        public int Counted { get; private set; }

        public void Count() => Raise(new object());

        public void Fail() => Raise("no");

        public void Nothing() => Raise(null!);

        protected override void When(object @event) => Counted = @event is string ? throw new InvalidOperationException() : Counted + 1;
    }
}
