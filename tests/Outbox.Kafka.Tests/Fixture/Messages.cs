namespace Outbox.Kafka.Tests.Fixture;

public sealed record OrderPlaced(string OrderId, int Number);

public sealed record OrderCancelled(string OrderId);

public sealed record OrderShipped(string OrderId);

public sealed record ShipmentCreated(string OrderId);

public interface IShipmentPacked
{
    string OrderId { get; }
}

public sealed record ReserveStock(string Sku);

public sealed record StockCounted(string Sku, int Quantity);
