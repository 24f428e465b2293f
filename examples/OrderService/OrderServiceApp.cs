using Contracts;
using MassTransit;
using OrderService.Orders;
using OrderService.Shipments;
using Outbox;
using Outbox.History;
using Outbox.Messages.Intents;
using ServiceDefaults;

namespace OrderService;

/// <summary>Puts the service together. Everything that differs between machines comes from configuration.</summary>
internal static class OrderServiceApp
{
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.Services.AddValidation();
        builder.Services.AddSingleton<OrderKeys>();
        builder.Services.AddSingleton<OrderPlacement>();
        builder.Services.AddSingleton<OrderCancellation>();
        builder.Services.AddSingleton<OrderExpediting>();
        builder.Services.AddSingleton<ShipmentViews>();
        builder.Services.AddScoped<ShippingQuotes>();
        AddMessaging(builder);

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapOrders();
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
                    t.Message<OrderPlaced>();
                    t.Message<OrderCancelled>();
                    t.Message<OrderShipped>();
                    t.KeepHistory(h => h.Snapshot<Order>(SnapshotPolicy.Every(100), schema: 1));
                    t.AnswerGaps();
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
                o.Projection<OrderList>(p => p.IndexRows(OrderList.ByStatus));
            });
            x.AddOutboxRequestClient<GetShippingQuote>(names.ShippingRequestsTopic);
            x.AddConsumer<ShipmentConsumer>();
            x.AddConsumer<RefusalConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(names.ShipmentsTopic, names.Endpoint, e =>
            {
                e.UseMessageRetry(p => p.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
                e.ConfigureConsumer<ShipmentConsumer>(context);
                e.ConfigureConsumer<RefusalConsumer>(context);
            })));
        });
    }
}
