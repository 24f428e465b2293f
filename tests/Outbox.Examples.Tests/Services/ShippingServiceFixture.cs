namespace Outbox.Examples.Tests.Services;

public sealed class ShippingServiceFixture() : ServiceFixture("ShippingService");
