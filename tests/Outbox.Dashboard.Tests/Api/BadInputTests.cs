using Outbox.Dashboard.Tests.Hosting;
using Outbox.Embedded.MongoDb;

namespace Outbox.Dashboard.Tests.Api;

public sealed class BadInputTests
{
    private const string Json = "application/json";

    /// <summary>What is sent, what comes back, and what its detail has in it.</summary>
    public static TheoryData<string, string?, string, string> Mistakes => new()
    {
        { "GET parked?size=0", null, "400 invalidRequest", "'size'" },
        { "GET parked?size=1001", null, "400 invalidRequest", "1000" },
        { "GET parked?size=many", null, "400 invalidRequest", "'size'" },
        { "GET parked?side=left", null, "400 invalidRequest", "outbox, inbox" },
        { "GET parked?side=outbox&endpoint=billing", null, "400 invalidRequest", "inbox" },
        { "GET parked?reason=bored", null, "400 invalidRequest", "failed, gap, held, unreadable" },
        { "GET parked?parkedFrom=soon", null, "400 invalidRequest", "ISO 8601" },
        { "GET parked?enpoint=billing", null, "400 invalidRequest", "'enpoint'" },
        { "GET parked?error=", null, "400 invalidRequest", "'error'" },
        { "GET parked?error=a%00b", null, "400 invalidRequest", "NUL" },
        { "GET parked?cursor=nonsense", null, "400 invalidCursor", "cursor" },
        { "GET audit?cursor=nonsense", null, "400 invalidCursor", "cursor" },
        { "GET operations?cursor=nonsense", null, "400 invalidCursor", "cursor" },
        { "GET lanes?size=1", null, "400 invalidRequest", "There is none" },
        { "GET explain", null, "400 invalidRequest", "'entityId'" },
        { "GET explain?id=a&entityId=b", null, "400 invalidRequest", "either" },
        { "GET trace", null, "400 invalidRequest", "'messageId'" },
        { "GET trace?messageId=nobody", null, "404 notFound", "no trace" },
        { "GET parked/outbox/message", null, "400 invalidRequest", "'id'" },
        { "GET parked/outbox/message?id=nobody", null, "404 notFound", "Nothing" },
        { "GET parked/inbox/message?id=nobody", null, "404 notFound", "Nothing" },
        { "GET parked/left/message?id=nobody", null, "400 invalidRequest", "outbox, inbox" },
        { "GET parked/inbox/payload?id=nobody", null, "404 notFound", "Nothing" },
        { "GET operations/nobody", null, "404 notFound", "no bulk operation" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":"x"}""", "404 notFound", "Nothing" },
        { "POST parked/inbox/restore", """{"id":"nobody","reason":"x"}""", "404 notFound", "Nothing" },
        { "POST parked/outbox/retry", """{"id":"nobody"}""", "400 invalidRequest", "'reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":" "}""", "400 invalidRequest", "'reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":null}""", "400 invalidRequest", "'reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":7}""", "400 invalidRequest", "'reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":"\ud800"}""", "400 invalidRequest", "'reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","Reason":"x"}""", "400 invalidRequest", "'Reason'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":"x","by":"root"}""", "400 invalidRequest", "'by'" },
        { "POST parked/outbox/retry", """{"id":"nobody","reason":"x","reason":"y"}""", "400 invalidRequest", "twice" },
        { "POST parked/outbox/retry", """{"$type":"System.IO.FileInfo","id":"nobody","reason":"x"}""", "400 invalidRequest", "'$type'" },
        { "POST parked/outbox/retry", "{", "400 invalidRequest", "no JSON" },
        { "POST parked/outbox/retry", "", "400 invalidRequest", "no JSON" },
        { "POST parked/outbox/retry", "[]", "400 invalidRequest", "object" },
        { "POST parked/outbox/retry", "null", "400 invalidRequest", "object" },
        { "POST parked/outbox/retry?id=x", """{"id":"nobody","reason":"x"}""", "400 invalidRequest", "'id'" },
        { "POST operations", """{"side":"outbox","action":"retry","reason":"x"}""", "400 invalidRequest", "'filter'" },
        { "POST operations", """{"side":"outbox","action":"explode","filter":{},"reason":"x"}""", "400 invalidRequest", "'action'" },
        { "POST operations", """{"side":"outbox","action":1,"filter":{},"reason":"x"}""", "400 invalidRequest", "'action'" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{"tpoic":"orders"},"reason":"x"}""", "400 invalidRequest", "'tpoic'" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":[],"reason":"x"}""", "400 invalidRequest", "'filter'" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{"endpoint":"billing"},"reason":"x"}""", "400 invalidRequest", "inbox" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{"error":"a\u0000b"},"reason":"x"}""", "400 invalidRequest", "NUL" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{},"reason":"x","limit":0}""", "400 invalidRequest", "'limit'" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{},"reason":"x","perSecond":0}""", "400 invalidRequest", "'perSecond'" },
        { "POST operations", """{"side":"outbox","action":"retry","filter":{},"reason":"x","perSecond":"7"}""", "400 invalidRequest", "'perSecond'" },
        { "POST operations/nobody/cancel", """{"reason":"x"}""", "404 notFound", "no bulk operation" },
        { "PUT pauses", """{"kind":"topic","reason":"x"}""", "400 invalidRequest", "'name'" },
        { "PUT pauses", """{"kind":"relay","name":"all","reason":"x"}""", "400 invalidRequest", "'name'" },
        { "PUT pauses", """{"kind":"relay","forSeconds":0.5,"reason":"x"}""", "400 invalidRequest", "'forSeconds'" },
        { "PUT pauses", """{"kind":"relay","forSeconds":9,"until":"2026-11-26T00:00:00Z","reason":"x"}""", "400 invalidRequest", "'until'" },
        { "PUT pauses", """{"kind":"relay","until":"2020-01-01T00:00:00Z","reason":"x"}""", "409 refused", "A pause lasts" },
        { "DELETE pauses?reason=x", null, "400 invalidRequest", "'kind'" },
        { "DELETE pauses?kind=house&reason=x", null, "400 invalidRequest", "relay, topic, endpoint" },
        { "POST sequences/release", """{"endpoint":"","topic":"orders","entityId":"1","reason":"x"}""", "400 invalidRequest", "'endpoint'" },
    };

    [Fact]
    public async Task Each_mistake_has_its_code_and_says_what_it_is()
    {
        await using var host = await ApiHost.StartAsync();
        var dora = host.As(Person.Destroyer);
        foreach (var mistake in Mistakes)
        {
            var (what, body, outcome, detail) = mistake.Data;
            var answer = await dora.SendAsync(new HttpMethod(what.Split(' ')[0]), what.Split(' ')[1], body);

            Assert.Equal((what, body, outcome), (what, body, answer.Outcome));
            Assert.True(answer.Detail.Contains(detail, StringComparison.Ordinal), $"{what} {body}: '{answer.Detail}' has no {detail}.");
        }

        Assert.Empty((await dora.GetAsync("audit")).Items);
    }

    [Theory]
    [InlineData("text/plain", "415 invalidRequest")]
    [InlineData("application/x-www-form-urlencoded", "415 invalidRequest")]
    [InlineData("multipart/form-data; boundary=x", "415 invalidRequest")]
    [InlineData("application/json; charset=utf-8", "404 notFound")]
    public async Task Only_JSON_is_read(string type, string outcome)
    {
        await using var host = await ApiHost.StartAsync();

        Assert.Equal(outcome, (await host.As(Person.Operator).SendAsync(HttpMethod.Post, "parked/outbox/retry", """{"id":"nobody","reason":"x"}""", type: type)).Outcome);
    }

    [Fact]
    public async Task A_body_has_a_type_and_a_limit_whether_it_says_its_length_or_not()
    {
        await using var host = await ApiHost.StartAsync();
        var large = $$"""{"id":"nobody","reason":"{{new string('x', 70_000)}}"}""";
        using var chunked = new HttpRequestMessage(HttpMethod.Post, ApiHost.Prefix + "parked/outbox/retry") { Content = new StringContent(large, null, Json), Headers = { TransferEncodingChunked = true } };
        using var untyped = new HttpRequestMessage(HttpMethod.Post, ApiHost.Prefix + "parked/outbox/retry") { Content = new ByteArrayContent("{}"u8.ToArray()) };

        Assert.Equal("413 tooLarge", (await host.As(Person.Operator).SendAsync(HttpMethod.Post, "parked/outbox/retry", large)).Outcome);
        Assert.Equal(413, (int)(await host.Client(Person.Operator).SendAsync(chunked)).StatusCode);
        Assert.Equal(415, (int)(await host.Client(Person.Operator).SendAsync(untyped)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("../../etc")]
    [InlineData("..")]
    public async Task A_key_that_no_address_can_have_is_refused(string key)
    {
        await using var host = await ApiHost.StartAsync();

        Assert.Equal("400 invalidRequest", (await host.As(Person.Operator).PostAsync("operations", new { side = "outbox", action = "retry", filter = new { }, reason = "x" }, key)).Outcome);
    }

    [Fact]
    public async Task Without_its_database_each_operation_says_so_and_when_to_come_again()
    {
        var server = await MongoServer.StartAsync();
        await using var host = await ApiHost.StartAsync(mongoDb: server.ConnectionString, dashboard: o => o.QueryTimeout = TimeSpan.FromMilliseconds(500));
        await server.DisposeAsync();
        var dora = host.As(Person.Destroyer);

        foreach (var path in new[] { "parked", "parked/groups", "discarded", "parked/outbox/message?id=x", "explain?id=x", "trace?messageId=x", "operations", "operations/x", "audit", "pauses", "sequences", "lanes", "instances", "endpoints" })
        {
            var answer = await dora.GetAsync(path);
            Assert.Equal((path, "503 unavailable"), (path, answer.Outcome));
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal("503 unavailable", (await dora.PostAsync("parked/outbox/retry", new { id = "x", reason = "x" })).Outcome);
        Assert.Equal("503 unavailable", (await dora.PostAsync("operations", new { side = "outbox", action = "retry", filter = new { }, reason = "x" })).Outcome);
    }
}
