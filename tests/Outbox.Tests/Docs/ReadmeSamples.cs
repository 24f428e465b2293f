using Aspire.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Dashboard;
using Outbox.Versioning;

namespace Outbox.Tests.Docs;

public sealed record OrderPlaced(string OrderId, string Item, int Quantity);

public sealed record OrderShipped(string OrderId);

public sealed record ShipmentShipped(string OrderId, string TrackingNumber);

public sealed class Order
{
    public required string Id { get; init; }

    public required string Item { get; init; }

    public required int Quantity { get; init; }

    public long Version { get; set; } = 1;
}

public sealed class ShipmentView : IVersioned
{
    public required string Id { get; init; }

    public string? TrackingNumber { get; init; }

    public long Version { get; set; }

    public string? LastMessageId { get; set; }

    public DateTime? LastUpdated { get; set; }
}

/// <summary>The README's code. What stands between the marks is shown there, in this order.</summary>
internal static class ReadmeSamples
{
    public static void Configure(IServiceCollection services)
    {
        // readme
        services.AddMassTransit(x =>
        {
            x.AddOutbox(o =>
            {
                o.UseMongoDb(m =>
                {
                    m.Connection = "mongodb://localhost:27017/?replicaSet=rs0";
                    m.DatabaseName = "orders";
                });
                o.UseKafka(k => k.BootstrapServers = "localhost:9092");
                o.DuplicateDetectionWindow = TimeSpan.FromDays(7);
                o.Topic("orders", t =>
                {
                    t.EntityType = "order";
                    t.Message<OrderPlaced>();
                    t.Message<OrderShipped>();
                });
                o.Topic("shipments", t => t.Message<ShipmentShipped>());
            });
            x.AddConsumer<ShipmentConsumer>();
            x.UsingInMemory();
            x.AddRider(r => r.UsingKafkaOutbox((context, k) => k.TopicEndpoint("shipments", "order-service", e =>
            {
                e.UseMessageRetry(p => p.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
                e.ConfigureConsumer<ShipmentConsumer>(context);
            })));
        });
        // end
    }

    public static async Task PlaceAsync(IOutbox outbox, IMongoCollection<Order> orders, Order order, CancellationToken cancellationToken)
    {
        // readme
        await outbox.ExecuteAsync(async (tx, ct) =>
        {
            await orders.InsertOneAsync(tx.Session, order, cancellationToken: ct);
            tx.Publish(new OrderPlaced(order.Id, order.Item, order.Quantity), order.Id, order.Version);
        }, cancellationToken);
        // end
    }
}

// readme
public sealed class ShipmentConsumer(IMongoCollection<Order> orders, IMongoCollection<ShipmentView> shipments) : IConsumer<ShipmentShipped>
{
    public async Task Consume(ConsumeContext<ShipmentShipped> context)
    {
        var view = new ShipmentView { Id = context.Message.OrderId, TrackingNumber = context.Message.TrackingNumber };
        if (await shipments.ApplyAsync(context.Session(), context.Stamp(), view) == ApplyOutcome.Applied)
        {
            var order = await orders.FindOneAndUpdateAsync<Order>(
                context.Session(), o => o.Id == view.Id, Builders<Order>.Update.Inc(o => o.Version, 1), new() { ReturnDocument = ReturnDocument.After });
            context.Transaction().Publish(new OrderShipped(order.Id), order.Id, order.Version);
        }
    }
}
// end

public static class AppHostSample
{
    public static void Add(IDistributedApplicationBuilder builder)
    {
        // package
        var servers = builder.AddOutboxServers();
        builder.AddProject("orders", "../OrderService/OrderService.csproj").WithOutbox(servers, "orders");
        // end
    }
}

public static class DashboardSample
{
    public static void Add(WebApplicationBuilder builder)
    {
        // package
        builder.Services.AddOutboxDashboard(o => o.OperatePolicy = "operators");
        // end
    }

    public static void Map(WebApplication app)
    {
        // package
        app.MapOutboxDashboard("/outbox").RequireAuthorization("engineers");
        app.MapOutboxOperations("/outbox/api/v1").RequireAuthorization("engineers");
        // end
    }
}
