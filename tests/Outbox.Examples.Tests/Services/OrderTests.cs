using Contracts;
using OrderService.Orders;
using static Outbox.Testing.Scenario;

namespace Outbox.Examples.Tests.Services;

public sealed class OrderTests
{
    private static readonly OrderPlaced Placed = new("o1", "bread", 2);
    private static readonly OrderCancelled Cancelled = new("o1", "bread", 2);
    private static readonly OrderShipped Shipped = new("o1", "bread", 2);

    [Fact]
    public void An_order_that_is_placed_says_so() => Given().When(() => Order.Place("o1", "bread", 2)).Then(Placed);

    [Fact]
    public void A_placed_order_can_be_cancelled_once()
    {
        Given(Placed).When<Order>(order => order.Cancel(), "o1").Then(Cancelled);
        Given(Placed, Cancelled).When<Order>(order => order.Cancel(), "o1").ThenNothing();
    }

    [Fact]
    public void A_parcel_that_has_left_wins_over_a_cancellation()
    {
        Given(Placed, Cancelled).When<Order>(order => order.Ship(), "o1").Then(Shipped);
        Given(Placed, Shipped).When<Order>(order => order.Cancel(), "o1").ThenNothing();
        Given(Placed, Shipped).When<Order>(order => order.Ship(), "o1").ThenNothing();
    }

    [Fact]
    public void A_snapshot_has_all_of_an_order() => SnapshotIsFaithful<Order>(Placed, Cancelled, Shipped);
}
