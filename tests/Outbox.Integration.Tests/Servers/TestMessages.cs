namespace Outbox.Integration.Tests.Servers;

public sealed record OrderPlaced(string OrderId, int Amount);

public sealed record OrderCancelled(string OrderId);

public sealed record CustomerMoved(string CustomerId);

public sealed record CustomerCalled(string CustomerId);
