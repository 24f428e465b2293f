namespace Outbox_Service.Orders;

public sealed record PlaceOrder(string Item, int Quantity);
