using Demo.Checks;
using Demo.Orders;

namespace Outbox.Examples.Tests.Verdicts;

/// <summary>What a faultless run of three orders leaves behind: one shipped, one cancelled in time, one cancelled too late.</summary>
internal static class Evidences
{
    public static Evidence Good { get; } = Create();

    public static EntityState Entity(string id, string? key, params string[] statuses) =>
        new(id, statuses[^1], statuses.Length, key, statuses.Select((status, index) => (status, (long)index + 1)).ToList());

    public static IReadOnlyList<T> With<T>(this IReadOnlyList<T> list, int index, Func<T, T> change) =>
        list.Select((item, i) => i == index ? change(item) : item).ToList();

    private static Evidence Create()
    {
        EntityState[] orders =
        [
            Entity("a", "key-a", "PLACED", "SHIPPED"),
            Entity("b", "key-b", "PLACED", "CANCELLED"),
            Entity("c", "key-c", "PLACED", "CANCELLED", "SHIPPED"),
        ];
        EntityState[] shipments =
        [
            Entity("a", null, "PREPARING", "SHIPPED"),
            Entity("b", null, "PREPARING", "CANCELLED"),
            Entity("c", null, "PREPARING", "SHIPPED"),
        ];
        return new Evidence
        {
            Acknowledged = orders.Select(order => new Acknowledged(order.Key!, order.Id)).ToList(),
            Orders = orders,
            Shipments = shipments,
            OrderViews = orders,
            ShipmentViews = shipments,
            Published = [.. orders.SelectMany(order => Messages("order", order)), new PublishedMessage("order", "c", 2, "order-c-2", IsRepair: true), .. shipments.SelectMany(shipment => Messages("shipment", shipment))],
            Lost = ["c"],
            List = orders,
            Pending = 0,
            Parked = 0,
        };
    }

    private static IEnumerable<PublishedMessage> Messages(string entityType, EntityState entity) =>
        entity.History.Select(step => new PublishedMessage(entityType, entity.Id, step.Version, $"{entityType}-{entity.Id}-{step.Version}"));
}
