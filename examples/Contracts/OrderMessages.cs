namespace Contracts;

/// <summary>A customer has ordered. Each message carries the whole state that its consumers keep, so that the newest one alone is enough.</summary>
public sealed record OrderPlaced(string OrderId, string Item, int Quantity);

/// <summary>The customer wants the order no more. A parcel that has left already wins, see <see cref="OrderShipped"/>.</summary>
public sealed record OrderCancelled(string OrderId, string Item, int Quantity);

/// <summary>The order is done: its parcel has left.</summary>
public sealed record OrderShipped(string OrderId, string Item, int Quantity);
