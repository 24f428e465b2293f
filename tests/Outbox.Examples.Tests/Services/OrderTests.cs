using OrderService.Orders;

namespace Outbox.Examples.Tests.Services;

public sealed class OrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Every_change_raises_the_version_by_one()
    {
        var order = Order.Place("bread", 2, "key", Now);
        Assert.True(order.Cancel(Now));
        Assert.True(order.Ship(Now));
        Assert.Equal([("PLACED", 1L), ("CANCELLED", 2L), ("SHIPPED", 3L)], order.History.Select(change => (change.Status, change.Version)));
    }

    [Fact]
    public void A_change_that_is_none_leaves_the_version_alone()
    {
        var order = Order.Place("bread", 2, "key", Now);
        order.Ship(Now);
        Assert.False(order.Ship(Now));
        Assert.False(order.Cancel(Now));
        Assert.Equal((OrderStatus.Shipped, 2L), (order.Status, order.Version));
    }
}
