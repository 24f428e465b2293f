namespace Outbox.Examples.Tests.Services;

public sealed class OrderServiceFixture() : ServiceFixture("OrderService");
