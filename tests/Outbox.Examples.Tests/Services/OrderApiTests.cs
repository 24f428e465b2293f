using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Examples.Tests.Services;

public sealed class OrderApiTests(OrderServiceFixture service) : IClassFixture<OrderServiceFixture>
{
    [Fact]
    public async Task An_order_is_created_with_its_message()
    {
        using var response = await PlaceAsync(key: null);
        var id = await IdAsync(response);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/orders/{id}", response.Headers.Location?.ToString());
        Assert.Equal(["order-placed v1"], await service.OutboxAsync(id));

        var order = await service.Http.GetFromJsonAsync<JsonObject>($"/orders/{id}");
        Assert.Equal(("PLACED", 1L), (order!["status"]!.GetValue<string>(), order["version"]!.GetValue<long>()));
    }

    [Fact]
    public async Task The_same_key_again_returns_the_same_order()
    {
        using var first = await PlaceAsync("again");
        using var second = await PlaceAsync("again");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        var id = await IdAsync(first);
        Assert.Equal(id, await IdAsync(second));
        Assert.Equal(["order-placed v1"], await service.OutboxAsync(id));
    }

    [Fact]
    public async Task Requests_that_race_with_one_key_get_one_order()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PlaceAsync("race")));
        var ids = await Task.WhenAll(responses.Select(IdAsync));
        Assert.Single(ids.Distinct());
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(1, await service.Database.GetCollection<BsonDocument>("orderKeys").CountDocumentsAsync(new BsonDocument("_id", "race")));
        Assert.Equal(["order-placed v1"], await service.HistoryAsync(ids[0]));
        Assert.Equal(["order-placed v1"], await service.OutboxAsync(ids[0]));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        using var first = await PlaceAsync("other", quantity: 1);
        using var second = await PlaceAsync("other", quantity: 2);
        await AssertProblemAsync(second, HttpStatusCode.UnprocessableEntity, "other");
    }

    [Fact]
    public async Task A_cancellation_happens_once()
    {
        using var placed = await PlaceAsync(key: null);
        var id = await IdAsync(placed);
        using var first = await service.Http.PostAsync($"/orders/{id}/cancel", null);
        using var second = await service.Http.PostAsync($"/orders/{id}/cancel", null);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        Assert.Equal(["order-placed v1", "order-cancelled v2"], await service.OutboxAsync(id));
        Assert.Equal(["order-placed v1", "order-cancelled v2"], await service.HistoryAsync(id));
    }

    [Fact]
    public async Task A_shipped_order_cannot_be_cancelled()
    {
        using var placed = await PlaceAsync(key: null);
        var id = await IdAsync(placed);
        await service.HappenedAsync(id, 2, "order-shipped");
        using var response = await service.Http.PostAsync($"/orders/{id}/cancel", null);
        await AssertProblemAsync(response, HttpStatusCode.Conflict, id);
        Assert.Equal(["order-placed v1"], await service.OutboxAsync(id));
    }

    [Fact]
    public async Task Expediting_sends_a_command_that_expires()
    {
        using var placed = await PlaceAsync(key: null);
        var id = await IdAsync(placed);
        using var response = await service.Http.PostAsync($"/orders/{id}/expedite", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var command = await service.Database.GetCollection<BsonDocument>("outbox")
            .Find(new BsonDocument { { "entityId", id }, { "topic", "shipping.commands" } }).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("expedite-shipment", "command"), (command["type"].AsString, command["intent"].AsString));
        Assert.True(command["expiresAt"].ToUniversalTime() > command["timestamp"].ToUniversalTime());
    }

    [Fact]
    public async Task It_describes_itself()
    {
        var openApi = await service.Http.GetFromJsonAsync<JsonObject>("/openapi/v1.json");
        Assert.Equal(["/order-list/rebuild", "/orders", "/orders/{id}", "/orders/{id}/cancel", "/orders/{id}/expedite", "/orders/{id}/quote"], openApi!["paths"]!.AsObject().Select(path => path.Key.TrimEnd('/')).Order());
    }

    private Task<HttpResponseMessage> PlaceAsync(string? key, int quantity = 2)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(new { item = "bread", quantity }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return service.Http.SendAsync(request);
    }

    private static async Task<string> IdAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string hint)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(hint, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
