using Outbox.Dashboard.Tests.Hosting;
using Outbox.Inbox;

namespace Outbox.Dashboard.Tests.Api;

public sealed class SeeingTests
{
    [Fact]
    public async Task An_overview_has_what_waits_and_what_is_wrong()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Shelf.ParkAsync();
        await host.Shelf.CaptureAsync("order-9", "fine", 1);
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed());
        var rita = host.As(Person.Reader);

        var overview = (await rita.GetAsync("overview")).Json;
        var health = (await rita.GetAsync("health")).Json;

        Assert.Equal((1, 1), (overview.GetProperty("pending").GetInt32(), overview.GetProperty("parked").GetInt32()));
        Assert.Equal(("billing", "failed", 1), (Total(overview).GetProperty("place").GetString(), Total(overview).GetProperty("reason").GetString(), Total(overview).GetProperty("count").GetInt32()));
        Assert.Empty(overview.GetProperty("unknown").EnumerateArray());
        Assert.NotEqual("healthy", health.GetProperty("state").GetString());
        Assert.Contains("parked", health.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()));
        Assert.EndsWith("Z", health.GetProperty("at").GetString());
        Assert.NotEmpty((await rita.GetAsync("lanes")).Items);
        Assert.Equal(200, (await rita.GetAsync("instances")).Status);
        Assert.Equal("billing", Assert.Single((await rita.GetAsync("endpoints")).Items).GetProperty("endpoint").GetString());
        Assert.Equal("404 notFound", (await rita.GetAsync("replay?endpoint=billing")).Outcome);
        Assert.Equal("400 invalidRequest", (await rita.GetAsync("replay")).Outcome);
        Assert.Empty((await rita.GetAsync("snapshots?endpoint=billing")).Items);

        static System.Text.Json.JsonElement Total(System.Text.Json.JsonElement overview) => overview.GetProperty("inboxParked").EnumerateArray().Single();
    }

    [Fact]
    public async Task It_is_said_why_an_entity_is_stuck_and_where_a_message_is()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.Shelf.ParkAsync("order-1");
        var rita = host.As(Person.Reader);

        var message = (await rita.GetAsync($"explain?id={id}")).Json;
        var entity = (await rita.GetAsync("explain?entityType=order&entityId=order-1")).Json;
        var nobody = (await rita.GetAsync("explain?id=nobody")).Json;

        Assert.True(message.GetProperty("isStuck").GetBoolean());
        Assert.Contains("parked", entity.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()));
        Assert.Equal("outboxParked", entity.GetProperty("messages").EnumerateArray().Single().GetProperty("place").GetString());
        Assert.False(nobody.GetProperty("isFound").GetBoolean());
        Assert.Equal("outboxParked", Assert.Single((await rita.GetAsync($"trace?messageId={id}")).Items).GetProperty("place").GetString());
        Assert.Equal("404 notFound", (await rita.GetAsync("trace?messageId=order-1")).Outcome);
    }

    [Fact]
    public async Task Something_is_paused_and_resumed_and_both_are_in_the_audit()
    {
        await using var host = await ApiHost.StartAsync();
        var otto = host.As(Person.Operator);

        var paused = await otto.PutAsync("pauses", new { kind = "topic", name = "orders", forSeconds = 600, reason = "maintenance" });
        var seen = Assert.Single((await otto.GetAsync("pauses")).Items);

        Assert.Equal("200", paused.Outcome);
        Assert.Equal(("topic", "orders", "maintenance"), (seen.GetProperty("kind").GetString(), seen.GetProperty("name").GetString(), seen.GetProperty("reason").GetString()));
        Assert.InRange(seen.GetProperty("remainingSeconds").GetDouble(), 1, 600);
        Assert.Equal("409 refused", (await otto.PutAsync("pauses", new { kind = "endpoint", name = "biling", reason = "a typo" })).Outcome);
        Assert.Equal("400 invalidRequest", (await otto.DeleteAsync("pauses?kind=topic&name=orders")).Outcome);
        Assert.Equal("204", (await otto.DeleteAsync("pauses?kind=topic&name=orders&reason=done")).Outcome);
        Assert.Equal("404 notFound", (await otto.DeleteAsync("pauses?kind=topic&name=orders&reason=done")).Outcome);
        Assert.Equal("200", (await otto.PutAsync("pauses", new { kind = "relay", reason = "all of it" })).Outcome);
        Assert.Equal("204", (await otto.DeleteAsync("pauses?kind=relay&reason=done")).Outcome);
        Assert.Equal(["resume", "pause", "resume", "pause"], (await otto.GetAsync("audit?by=otto")).Items.Select(entry => entry.GetProperty("act").GetString()!));
    }

    [Fact]
    public async Task A_sequence_that_waits_is_seen_and_goes_on_without_what_is_missing()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed("order-1", version: 7, reason: ParkReason.Gap));
        var dora = host.As(Person.Destroyer);

        var waiting = Assert.Single((await dora.GetAsync("sequences?endpoint=billing&size=10")).Items);
        var release = new { endpoint = "billing", topic = "orders", entityType = "order", entityId = "order-1", reason = "they are lost" };

        Assert.Equal(("order-1", 7), (waiting.GetProperty("entityId").GetString(), waiting.GetProperty("firstWaiting").GetInt32()));
        Assert.Empty((await dora.GetAsync("sequences?endpoint=other")).Items);
        Assert.Equal("204", (await dora.PostAsync("sequences/release", release)).Outcome);
        Assert.Equal("404 notFound", (await dora.PostAsync("sequences/release", new { endpoint = "billing", topic = "orders", entityType = "order", entityId = "order-2", reason = "none" })).Outcome);
        Assert.Equal("400 invalidCursor", (await dora.GetAsync("sequences?cursor=nonsense")).Outcome);
    }
}
