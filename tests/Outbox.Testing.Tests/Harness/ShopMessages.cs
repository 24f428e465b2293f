namespace Outbox.Testing.Tests.Harness;

public sealed record OrderPlaced(string OrderId, int Quantity);

public sealed record OrderCancelled(string OrderId);

public sealed record ReserveStock(string OrderId, int Quantity);

public sealed record StockReserved(string OrderId)
{
    /// <summary>For MassTransit, which can make one of an anonymous object.</summary>
    public StockReserved()
        : this("")
    {
    }
}
