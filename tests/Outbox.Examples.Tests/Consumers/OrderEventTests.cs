using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Examples.Tests.Services;

namespace Outbox.Examples.Tests.Consumers;

/// <summary>What the shipping service makes of order events that come late, twice, or in a wrong order.</summary>
public sealed class OrderEventTests(ShippingServiceFixture service) : IClassFixture<ShippingServiceFixture>, IDisposable
{
    private readonly Events _events = new(service, "orders", "shipping-service");

    [Fact]
    public async Task An_order_gets_one_shipment()
    {
        await PlacedAsync("a", "a1");
        await PlacedAsync("a", "a1");
        await PlacedAsync("a", "a1-with-another-id");
        await _events.AllDoneAsync();
        Assert.Equal(("PREPARING", 1L), await service.StateAsync("shipments", "a"));
        Assert.Equal(["shipment-created v1"], await service.OutboxAsync("a"));

        var shipment = await service.Http.GetFromJsonAsync<JsonObject>("/shipments/a");
        Assert.Equal("PREPARING", shipment!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_cancellation_stops_the_shipment()
    {
        await PlacedAsync("b", "b1");
        await CancelledAsync("b", "b2");
        await CancelledAsync("b", "b2");
        await _events.AllDoneAsync();
        Assert.Equal(("CANCELLED", 2L), await service.StateAsync("shipments", "b"));
        Assert.Equal(["shipment-created v1", "shipment-cancelled v2"], await service.OutboxAsync("b"));
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_waits_for_its_order_and_stops_the_shipment()
    {
        await CancelledAsync("c", "c2");
        await PlacedAsync("c", "c1");
        await _events.AllDoneAsync();
        Assert.Equal(("CANCELLED", 2L), await service.StateAsync("shipments", "c"));
        Assert.Equal(("CANCELLED", 2L), await service.StateAsync("orderViews", "c"));
        Assert.Equal(["shipment-created v1", "shipment-cancelled v2"], await service.OutboxAsync("c"));

        using var response = await service.Http.GetAsync("/shipments/unknown");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_parcel_that_has_left_is_not_stopped()
    {
        await PlacedAsync("d", "d1");
        await _events.AllDoneAsync();
        await service.Database.GetCollection<BsonDocument>("shipments").UpdateOneAsync(
            new BsonDocument("_id", "d"), new BsonDocument("$set", new BsonDocument { { "status", "SHIPPED" }, { "version", 2L } }));
        await CancelledAsync("d", "d2");
        await _events.AllDoneAsync();
        Assert.Equal(("SHIPPED", 2L), await service.StateAsync("shipments", "d"));
        Assert.Equal(["shipment-created v1"], await service.OutboxAsync("d"));
    }

    public void Dispose() => _events.Dispose();

    private Task PlacedAsync(string id, string messageId) =>
        _events.SendAsync(id, 1, "order-placed", messageId, new { orderId = id, item = "bread", quantity = 1 });

    private Task CancelledAsync(string id, string messageId) =>
        _events.SendAsync(id, 2, "order-cancelled", messageId, new { orderId = id, item = "bread", quantity = 1 });
}
