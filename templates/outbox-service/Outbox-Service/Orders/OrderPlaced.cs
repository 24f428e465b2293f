namespace Outbox_Service.Orders;

/// <summary>On Kafka its type is called order-placed, whatever its namespace.</summary>
public sealed record OrderPlaced(string OrderId, string Item, int Quantity);
