using MassTransit;
using Outbox;
using Outbox.Configuration;
using Outbox_Service.Orders;
using Outbox_Service.Shipments;

namespace Outbox_Service;

/// <summary>What is published and what is consumed. Connections are in the configuration, section Outbox.</summary>
internal static class Messaging
{
    public const string Topic = "orders-topic";

    /// <summary>The name of this service's consumers: their group on Kafka, and their records in the inbox.</summary>
    private const string Endpoint = "service-endpoint";

    public static void AddMessaging(this IServiceCollection services) => services.AddMassTransit(x =>
    {
        x.AddOutbox(o =>
        {
            o.UseMongoDb();
            o.UseKafka();
            o.AddMessages();
        });
        x.AddConsumer<OrderPlacedConsumer>();
        x.UsingInMemory();
        x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint(Topic, Endpoint, e =>
        {
            e.UseMessageRetry(p => p.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
            e.ConfigureConsumer<OrderPlacedConsumer>(context);
        })));
    });

    public static void AddMessages(this OutboxConfigurator outbox) => outbox.Topic(Topic, t =>
    {
        t.EntityType = "order";
        t.Message<OrderPlaced>();
    });
}
