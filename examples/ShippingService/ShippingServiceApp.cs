using Contracts;
using MassTransit;
using Outbox;
using Outbox.Messages.Intents;
using Outbox.Versioning;
using ServiceDefaults;
using ShippingService.Orders;
using ShippingService.Shipments;

namespace ShippingService;

/// <summary>Puts the service together. Everything that differs between machines comes from configuration.</summary>
internal static class ShippingServiceApp
{
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.Services.AddValidatedOptions<ShippingOptions>(ShippingOptions.Section);
        builder.Services.AddSingleton<ShipmentStore>();
        builder.Services.AddSingleton<OrderViews>();
        builder.Services.AddSingleton<Dispatch>();
        builder.Services.AddHostedService<ShipmentIndexes>();
        builder.Services.AddHostedService<DispatchWorker>();
        AddMessaging(builder);

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapShipments();
        return app;
    }

    private static void AddMessaging(WebApplicationBuilder builder)
    {
        var names = builder.Configuration.GetRequiredSection(MessagingOptions.Section).Get<MessagingOptions>()!;
        builder.Services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb();
                o.UseKafka();
                o.Topic(names.OrdersTopic, t =>
                {
                    t.EntityType = "order";

                    // Each change of an order has its turn, and one that was lost on its way is asked for.
                    t.Ordering = MessageOrdering.Sequence;
                    t.Sequence(s => s.AskOwner = TimeSpan.FromSeconds(2));
                    t.Message<OrderPlaced>();
                    t.Message<OrderCancelled>();
                    t.Message<OrderShipped>();
                });
                o.Topic(names.ShipmentsTopic, t =>
                {
                    t.EntityType = "shipment";
                    t.Message<ShipmentCreated>();
                    t.Message<ShipmentShipped>();
                    t.Message<ShipmentCancelled>();
                    t.Message<CommandRejected>();
                });
                o.Topic(names.ShippingCommandsTopic, t =>
                {
                    t.EntityType = "order";
                    t.Command<ExpediteShipment>();
                });
            });
            x.AddConsumer<OrderConsumer>();
            x.AddConsumer<ExpediteConsumer>();
            x.AddConsumer<QuoteConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) =>
            {
                k.TopicEndpoint(names.OrdersTopic, names.Endpoint, e =>
                {
                    UseRetry(e);
                    e.ConfigureConsumer<OrderConsumer>(context);
                });
                k.TopicEndpoint(names.ShippingCommandsTopic, $"{names.Endpoint}.commands", e =>
                {
                    UseRetry(e);
                    e.ConfigureConsumer<ExpediteConsumer>(context);
                });
                k.RequestEndpoint(names.ShippingRequestsTopic, $"{names.Endpoint}.requests", e => e.ConfigureConsumer<QuoteConsumer>(context));
            }));
        });
    }

    private static void UseRetry(IReceiveEndpointConfigurator endpoint) => endpoint.UseMessageRetry(
        p => p.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
}
