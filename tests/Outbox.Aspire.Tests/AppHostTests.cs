using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Outbox.Aspire.Tests;

public sealed class AppHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task The_app_host_starts_the_servers_and_both_services_and_an_order_is_shipped()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        foreach (var name in new[] { "outbox-servers", "orders", "shipping" })
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token);
        }

        using var orders = app.CreateHttpClient("orders", "http");
        var placed = await orders.PostAsJsonAsync("/orders", new { item = "lamp", quantity = 1 }, limit.Token);
        var id = (await placed.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetProperty("id").GetString();

        while ((await orders.GetFromJsonAsync<JsonElement>($"/orders/{id}", limit.Token)).GetProperty("status").GetString() != "SHIPPED")
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
