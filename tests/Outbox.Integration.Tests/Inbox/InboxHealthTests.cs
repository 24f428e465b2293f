using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Outbox.Inbox.Health;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

public sealed class InboxHealthTests
{
    [Fact]
    public async Task An_endpoint_with_parked_messages_is_degraded_and_named()
    {
        await using var service = await StartAsync();
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no") : Task.CompletedTask;
        await service.ProduceAsync(("m0", new OrderPlaced("good", 1)));
        await service.HasAsync(service.Inbox, 1);
        await Eventually.TrueAsync(async () => (await CheckAsync(service)).Status == HealthStatus.Healthy, "the endpoint is healthy");

        await service.ProduceAsync(("m1", new OrderPlaced("bad", 1)));
        await service.HasAsync(service.Parked, 1);

        var expected = $"On endpoint {ConsumingService.Endpoint}-{service.Topic} 1 messages could not be processed";
        await Eventually.TrueAsync(
            async () => await CheckAsync(service) is { Status: HealthStatus.Degraded, Description: { } told } && told.Contains(expected, StringComparison.Ordinal), "health names the endpoint");
    }

    [Fact]
    public async Task An_endpoint_that_has_messages_and_finishes_none_is_unhealthy_and_says_how_many_are_left()
    {
        await using var service = await StartAsync(h => h.StalledAfter = TimeSpan.FromSeconds(1));
        var gate = new TaskCompletionSource();
        service.Script.AfterWrite = (_, _) => gate.Task;
        await service.ProduceAsync(Enumerable.Range(0, 5).Select(i => ($"m{i}", new OrderPlaced("o", i))));

        await Eventually.TrueAsync(
            async () => await CheckAsync(service) is { Status: HealthStatus.Unhealthy, Description: { } told } && told.Contains("consumes nothing: 5 messages are left", StringComparison.Ordinal),
            "the endpoint is unhealthy, and says how many messages are left");

        gate.SetResult();
        await service.HasAsync(service.Inbox, 5);
        await Eventually.TrueAsync(async () => (await CheckAsync(service)).Status == HealthStatus.Healthy, "the endpoint is healthy again");
    }

    [Fact]
    public async Task An_endpoint_that_was_stopped_is_unhealthy()
    {
        await using var service = await StartAsync();
        var bus = service.Services.GetRequiredService<IBusControl>();
        // The host does not wait for the bus, and a bus that is still starting is not stopped.
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        await bus.StopAsync();

        var result = await CheckAsync(service);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("does not run", result.Description, StringComparison.Ordinal);
    }

    private static Task<ConsumingService> StartAsync(Action<InboxHealthOptions>? health = null) =>
        ConsumingService.StartAsync(outbox: o => o.Services.AddHealthChecks().AddOutboxInbox(health));

    private static async Task<HealthReportEntry> CheckAsync(ConsumingService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox-inbox"];
}
