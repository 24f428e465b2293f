using Outbox.History;
using static Outbox.Testing.Scenario;

namespace Outbox.Testing.Tests.Scenarios;

public sealed class ScenarioTests
{
    [Fact]
    public void An_aggregate_is_tested_in_words_of_its_events()
    {
        Given().When(() => new Cart("c1", ["bread"])).Then(new CartFilled("c1", ["bread"]));
        Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.Pay(3)).Then(new CartPaid(3));
        Given(new CartFilled("c1", ["bread"]), new CartPaid(3)).When<Cart>(cart => cart.Pay(3)).ThenNothing();
        Assert.Equal("nothing to pay", Given().When<Cart>(cart => cart.Pay(3)).ThenThrows<InvalidOperationException>().Message);
    }

    [Fact]
    public void A_decider_is_tested_alike()
    {
        Given(new CartPaid(2)).When(new TillDecider(), 3).Then(new CartPaid(3));
        Given(new CartPaid(2)).When(new TillDecider(), -3).ThenThrows<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void What_goes_otherwise_says_how()
    {
        Fails(() => Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.Pay(3)).Then(new CartPaid(4)), """Expected CartPaid {"amount":4}, but what happened is CartPaid {"amount":3}.""");
        Fails(() => Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.Pay(3)).ThenNothing(), "Expected nothing");
        Fails(() => Given().When<Cart>(cart => cart.Pay(3)).Then(new CartPaid(3)), "refused: InvalidOperationException: nothing to pay");
        Fails(() => Given().When<Cart>(cart => cart.Pay(3)).ThenThrows<FormatException>(), "Expected FormatException, but it was InvalidOperationException");
        Fails(() => Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.Pay(3)).ThenThrows<FormatException>(), "Expected FormatException, but what happened is CartPaid");
        Fails(() => Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.PayAndFail()).ThenThrows<FormatException>(), "had been raised before");
        Fails(() => Given(new CartPaid(1)).When(() => new Cart("c1", [])), "no events before its own");
    }

    [Fact]
    public void A_state_that_is_changed_without_an_event_is_found_although_its_events_are_right() =>
        Fails(() => Given(new CartFilled("c1", ["bread"])).When<Cart>(cart => cart.PayInSecret(3)).Then(new CartPaid(3)), "Change the state in When alone");

    [Fact]
    public void A_snapshot_that_forgets_something_is_found()
    {
        SnapshotIsFaithful<Cart>(new CartFilled("c1", ["bread", "milk"]), new CartPaid(3), new CartFilled("c1", ["tea"]));
        SnapshotIsFaithful(new TillDecider(), new CartPaid(3), new CartPaid(4));

        Fails(() => SnapshotIsFaithful<Forgetful>(new CartPaid(3), new CartPaid(4)), "after event 1");
    }

    private static void Fails(Action scenario, string because) => Assert.Contains(because, Assert.Throws<ScenarioException>(scenario).Message, StringComparison.Ordinal);

    private sealed record CartFilled(string CartId, string[] Items);

    private sealed record CartPaid(int Amount);

    private sealed class Cart : Aggregate
    {
        private readonly List<string> _items = [];
        private int _paid;

        public Cart(string id, string[] items)
        {
            Id = id;
            Raise(new CartFilled(id, items));
        }

        private Cart()
        {
        }

        public void Pay(int amount)
        {
            if (_items.Count == 0)
            {
                throw new InvalidOperationException("nothing to pay");
            }

            if (_paid == 0)
            {
                Raise(new CartPaid(amount));
            }
        }

        public void PayInSecret(int amount)
        {
            Pay(amount);
            _items.Clear();
        }

        public void PayAndFail()
        {
            Pay(1);
            throw new FormatException();
        }

        protected override void When(object @event)
        {
            switch (@event)
            {
                case CartFilled filled: _items.AddRange(filled.Items); break;
                case CartPaid paid: _paid += paid.Amount; break;
            }
        }
    }

    /// <summary>What it adds up is in an object that JSON does not see into.</summary>
    private sealed class Forgetful : Aggregate
    {
        private readonly Sum _sum = new();
        private int _last;

        protected override void When(object @event)
        {
            _sum.Add(((CartPaid)@event).Amount);
            _last = _sum.Total();
        }

        private sealed class Sum
        {
            private int _total;

            public void Add(int amount) => _total += amount;

            public int Total() => _total;
        }
    }

    private sealed record Till(int Money);

    private sealed class TillDecider : IDecider<int, Till>
    {
        public Till Initial { get; } = new(0);

        public IEnumerable<object> Decide(int command, Till state)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(command);
            return [new CartPaid(command)];
        }

        public Till Evolve(Till state, object @event) => new(state.Money + ((CartPaid)@event).Amount);
    }
}
