namespace Demo.Checks.Rules;

/// <summary>The two services agree: on every order's end, and each on what it knows of the other's entities.</summary>
internal static class AgreementRules
{
    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        var shipments = evidence.Shipments.ToDictionary(shipment => shipment.Id);
        var orderViews = evidence.OrderViews.ToDictionary(view => view.Id);
        var shipmentViews = evidence.ShipmentViews.ToDictionary(view => view.Id);
        foreach (var order in evidence.Orders)
        {
            var shipment = shipments.GetValueOrDefault(order.Id);
            if (!Agree(order.Status, shipment?.Status))
            {
                yield return new Finding(FindingKind.Lost, $"Order {order.Id} is {order.Status}, its shipment is {shipment?.Status ?? "not there"}.");
            }

            if (!Same(order, orderViews.GetValueOrDefault(order.Id)))
            {
                yield return new Finding(FindingKind.Lost, $"Order {order.Id} and the shipping service's view of it differ.");
            }

            if (!Same(shipment, shipmentViews.GetValueOrDefault(order.Id)))
            {
                yield return new Finding(FindingKind.Lost, $"Shipment {order.Id} and the order service's view of it differ.");
            }
        }

        var orders = evidence.Orders.Select(order => order.Id).ToHashSet();
        foreach (var shipment in evidence.Shipments.Where(shipment => !orders.Contains(shipment.Id)))
        {
            yield return new Finding(FindingKind.Lost, $"Shipment {shipment.Id} has no order.");
        }
    }

    private static bool Agree(string order, string? shipment) => (order, shipment) switch
    {
        ("SHIPPED", "SHIPPED") => true,
        ("CANCELLED", "CANCELLED" or null) => true,
        _ => false,
    };

    private static bool Same(EntityState? entity, EntityState? view) => (entity?.Status, entity?.Version) == (view?.Status, view?.Version);
}
