using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Examples.Tests.Services;

/// <summary>What the order service does not understand gets a clear answer and leaves no trace.</summary>
public sealed class RefusalTests(OrderServiceFixture service) : IClassFixture<OrderServiceFixture>
{
    public static TheoryData<string, HttpStatusCode, string> Bodies => new()
    {
        { "{ not JSON", HttpStatusCode.BadRequest, "not valid JSON" },
        { "", HttpStatusCode.BadRequest, "body" },
        { "null", HttpStatusCode.BadRequest, "body" },
        { "[]", HttpStatusCode.BadRequest, "not valid JSON" },
        { """{"item":"bread","quantity":-1}""", HttpStatusCode.BadRequest, "between 1 and 1000" },
        { """{"item":"bread"}""", HttpStatusCode.BadRequest, "between 1 and 1000" },
        { """{"item":"bread","quantity":"two"}""", HttpStatusCode.BadRequest, "quantity" },
        { """{"item":"bread","quantity":99999999999}""", HttpStatusCode.BadRequest, "quantity" },
        { """{"item":"","quantity":1}""", HttpStatusCode.BadRequest, "required" },
        { """{"item":null,"quantity":1}""", HttpStatusCode.BadRequest, "required" },
        { "{\"item\":\"" + new string('x', 101) + "\",\"quantity\":1}", HttpStatusCode.BadRequest, "maximum length of 100" },
        { "{\"item\":\"" + new string('x', 2_000_000) + "\",\"quantity\":1}", HttpStatusCode.RequestEntityTooLarge, "65536 bytes" },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_body_is_refused(string body, HttpStatusCode status, string hint)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        // The server answers a body that is too large without reading it: a client that is still sending would see the connection break instead.
        request.Headers.ExpectContinue = true;
        using var response = await service.Http.SendAsync(request);
        await AssertRefusedAsync(response, status, hint);
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        using var content = new StringContent("bread", Encoding.UTF8, "text/plain");
        using var response = await service.Http.PostAsync("/orders", content);
        await AssertRefusedAsync(response, HttpStatusCode.UnsupportedMediaType, "application/json");
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent("""{"item":"bread","quantity":1}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", new string('x', 101));
        using var response = await service.Http.SendAsync(request);
        await AssertRefusedAsync(response, HttpStatusCode.BadRequest, "Idempotency");
    }

    [Theory]
    [InlineData("GET", "/orders/unknown")]
    [InlineData("POST", "/orders/unknown/cancel")]
    public async Task An_unknown_id_is_not_found(string method, string path)
    {
        using var response = await service.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await AssertRefusedAsync(response, HttpStatusCode.NotFound, "unknown");
    }

    private async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string hint)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, JsonNode.Parse(text)!["status"]!.GetValue<int>());
        Assert.True(text.Contains(hint, StringComparison.OrdinalIgnoreCase), text);
        Assert.Equal(0, await service.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
        Assert.Equal(0, await service.Database.GetCollection<BsonDocument>("history").CountDocumentsAsync(new BsonDocument()));
    }
}
