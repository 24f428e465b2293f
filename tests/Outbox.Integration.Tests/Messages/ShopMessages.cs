using Outbox.Messages.Intents;

namespace Outbox.Integration.Tests.Messages;

public sealed record OrderConfirmed(string OrderId) : IEvent;

public sealed record ReserveStock(string OrderId, int Quantity) : ICommand;

public sealed record StockReserved(string OrderId) : IEvent;
