using Outbox;
using Outbox_Service.Orders;
using Outbox_Service.Shipments;

namespace Outbox_Service;

/// <summary>Puts the service together. What differs between machines comes from configuration.</summary>
internal static class ServiceApp
{
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<OrderPlacement>();
        builder.Services.AddMessaging();
        builder.Services.AddHealthChecks().AddOutbox().AddOutboxInbox();
        builder.AddTelemetry();

        var app = builder.Build();
        app.MapOrders();
        app.MapShipments();
        app.MapHealthChecks("/health");
        return app;
    }
}
