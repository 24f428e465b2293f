using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Embedded.Kafka;
using Outbox.Embedded.MongoDb;

namespace Outbox.Examples.Tests.Services;

/// <summary>The order service asks the shipping service over Kafka.</summary>
public sealed class QuoteTests : IAsyncLifetime
{
    private readonly List<WebApplication> _apps = [];
    private readonly List<MongoServer> _databases = [];
    private readonly HttpClient _http = new();
    private KafkaCluster? _kafka;

    public ValueTask InitializeAsync()
    {
        _kafka = KafkaCluster.Start();
        foreach (var topic in new[] { "orders", "orders.repair", "shipments", "shipping.commands", "shipping.requests", "order-service.replies" })
        {
            _kafka.CreateTopic(topic, 1);
        }

        return default;
    }

    [Fact]
    public async Task The_shipping_service_answers_or_refuses()
    {
        await StartAsync("ShippingService", []);
        var orders = await StartAsync("OrderService", new() { ["Outbox:Requests:Timeout"] = "00:01:00" });
        var (small, large) = (await PlaceAsync(orders, 10), await PlaceAsync(orders, 101));

        using var answered = await _http.GetAsync(new Uri(orders, $"/orders/{small}/quote"), TestContext.Current.CancellationToken);
        using var refused = await _http.GetAsync(new Uri(orders, $"/orders/{large}/quote"), TestContext.Current.CancellationToken);
        using var unknown = await _http.GetAsync(new Uri(orders, "/orders/unknown/quote"), TestContext.Current.CancellationToken);

        var quote = await answered.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.Equal((small, 7.40m, 2), (quote!["orderId"]!.GetValue<string>(), quote["price"]!.GetValue<decimal>(), quote["days"]!.GetValue<int>()));
        await AssertProblemAsync(refused, HttpStatusCode.Conflict, "100 pieces");
        await AssertProblemAsync(unknown, HttpStatusCode.NotFound, "unknown");
    }

    [Fact]
    public async Task Without_the_shipping_service_a_caller_hears_so_and_one_too_many_at_once()
    {
        var orders = await StartAsync("OrderService", new() { ["Outbox:Requests:Timeout"] = "00:00:10", ["Outbox:Requests:MaxPending"] = "1" });
        var id = await PlaceAsync(orders, 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => _http.GetAsync(new Uri(orders, $"/orders/{id}/quote"), TestContext.Current.CancellationToken)));

        await AssertProblemAsync(Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.GatewayTimeout), HttpStatusCode.GatewayTimeout, "in time");
        await AssertProblemAsync(Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable), HttpStatusCode.ServiceUnavailable, "Too many");
        Array.ForEach(answers, answer => answer.Dispose());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var app in _apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _kafka?.Dispose();
    }

    private async Task<Uri> StartAsync(string service, Dictionary<string, string> settings)
    {
        var database = await MongoServer.StartAsync();
        _databases.Add(database);
        var app = ServiceHost.Create(service, new Dictionary<string, string>(settings)
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Outbox:RelayEnabled"] = "false",
            ["Outbox:MongoDb:Connection"] = database.ConnectionString,
            ["Outbox:Kafka:BootstrapServers"] = _kafka!.BootstrapServers,
        });
        _apps.Add(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private async Task<string> PlaceAsync(Uri orders, int quantity)
    {
        using var placed = await _http.PostAsJsonAsync(new Uri(orders, "/orders"), new { item = "bread", quantity }, TestContext.Current.CancellationToken);
        return (await placed.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!.GetValue<string>();
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string hint)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(hint, text, StringComparison.Ordinal);
    }
}
