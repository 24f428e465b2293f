using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Outbox.Aspire.Tests;

public sealed class ServersResourceTests
{
    [Fact]
    public async Task A_service_waits_for_the_servers_and_is_told_where_they_listen()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var servers = builder.AddOutboxServers("mine");
        var service = builder.AddExecutable("service", "true", ".").WithOutbox(servers, "orders");

        await servers.Resource.StartAsync(new OutboxServersOptions());
        await using var _ = servers.Resource;
        var addresses = await servers.Resource.AddressesAsync(TestContext.Current.CancellationToken);
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run));
        foreach (var environment in service.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await environment.Callback(context);
        }


        Assert.Equal(addresses.MongoDb, context.EnvironmentVariables["Outbox__MongoDb__Connection"]);
        Assert.Equal("orders", context.EnvironmentVariables["Outbox__MongoDb__DatabaseName"]);
        Assert.Equal(addresses.BootstrapServers, context.EnvironmentVariables["Outbox__Kafka__BootstrapServers"]);
        Assert.Same(servers.Resource, Assert.Single(service.Resource.Annotations.OfType<WaitAnnotation>()).Resource);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_to_whoever_waits_for_the_servers()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var servers = new OutboxServersResource("mine");

        await Assert.ThrowsAsync<InvalidOperationException>(() => servers.StartAsync(new OutboxServersOptions { MongoDbPort = ((IPEndPoint)taken.LocalEndpoint).Port }));

        var told = await Assert.ThrowsAsync<InvalidOperationException>(() => servers.AddressesAsync(TestContext.Current.CancellationToken));
        Assert.Contains(((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), told.Message, StringComparison.Ordinal);
    }
}
