namespace Shipping;

public sealed record OrderPlaced(string OrderId, string Item, int Quantity);
