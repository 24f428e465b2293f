using Demo.Servers;

namespace Demo.Services;

/// <summary>The two services, configured by environment variables as in production.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public Shop(DemoServers servers, RunNames names, string logFolder)
    {
        Orders = new ServiceProcess("OrderService", Settings(servers, names, names.OrdersDatabase, names.OrderEndpoint), logFolder);
        Shipping = new ServiceProcess("ShippingService", Settings(servers, names, names.ShippingDatabase, names.ShippingEndpoint), logFolder);
    }

    public ServiceProcess Orders { get; }

    public ServiceProcess Shipping { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Orders.Start();
        Shipping.Start();
        await Task.WhenAll(Orders.WaitUntilReadyAsync(cancellationToken), Shipping.WaitUntilReadyAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Orders.DisposeAsync();
        await Shipping.DisposeAsync();
    }

    private static Dictionary<string, string> Settings(DemoServers servers, RunNames names, string database, string endpoint) => new()
    {
        // On loopback, where the dashboard may stand open.
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Outbox__MongoDb__Connection"] = servers.MongoDb,
        ["Outbox__MongoDb__DatabaseName"] = database,
        ["Outbox__Kafka__BootstrapServers"] = servers.Kafka,
        ["Messaging__OrdersTopic"] = names.OrdersTopic,
        ["Messaging__ShipmentsTopic"] = names.ShipmentsTopic,
        ["Messaging__ShippingCommandsTopic"] = names.ShippingCommandsTopic,
        ["Messaging__ShippingRequestsTopic"] = names.ShippingRequestsTopic,
        ["Outbox__Requests__ReplyTopic"] = names.ReplyTopic,
        ["Messaging__Endpoint"] = endpoint,
    };
}
