using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Rebalancing;

/// <summary>The effects of orders, in the order in which their transactions committed: each consumed order publishes one shipment.</summary>
internal static class Effects
{
    public static Task Apply(Consumption consumption) =>
        consumption.Context.Publish(new ShipmentCreated($"{consumption.Message.OrderId}#{consumption.Message.Number}"));

    public static IEnumerable<int> Of(Shop shop, string order) =>
        from message in shop.Store.Outbox
        let parts = message.EntityId.Split('#')
        where parts[0] == order
        select int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Each order's effects are there once, and in its order.</summary>
    public static void AreComplete(Shop shop, int orders, int numbers)
    {
        Assert.Empty(shop.Store.Parked);
        for (var order = 0; order < orders; order++)
        {
            Assert.Equal(Enumerable.Range(0, numbers), Of(shop, $"o{order}"));
        }
    }
}
