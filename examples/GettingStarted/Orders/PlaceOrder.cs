namespace Orders;

public sealed record PlaceOrder(string Item, int Quantity);
