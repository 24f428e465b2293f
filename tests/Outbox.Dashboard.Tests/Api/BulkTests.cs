using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Api;

public sealed class BulkTests
{
    [Fact]
    public async Task Ten_thousand_are_tried_again_by_one_operation_though_its_request_is_sent_twice()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Shelf.CaptureManyAsync(10_000);
        await host.Shelf.ParkPendingAsync("The brokers refuse it.");
        var body = new { side = "outbox", action = "retry", filter = new { topic = "orders" }, reason = "Kafka is up again" };
        var otto = host.As(Person.Operator);

        var (first, second) = (await otto.PostAsync("operations", body, "night-1"), await otto.PostAsync("operations", body, "night-1"));
        var other = await otto.PostAsync("operations", new { side = "outbox", action = "retry", filter = new { topic = "orders" }, reason = "another" }, "night-1");
        var done = await otto.UntilAsync("operations/night-1", operation => operation.GetProperty("hasEnded").GetBoolean());

        Assert.Equal(("202", "202", "422 keyReused"), (first.Outcome, second.Outcome, other.Outcome));
        Assert.Equal("operations/night-1", first.Headers.Location!.ToString());
        Assert.Equal(("done", 10_000, 10_000, 0), (done.GetProperty("state").GetString(), done.GetProperty("total").GetInt32(), done.GetProperty("done").GetInt32(), done.GetProperty("failedAgain").GetInt32()));
        Assert.Single((await otto.GetAsync("operations")).Items);
        Assert.Empty((await otto.GetAsync("parked")).Items);
        Assert.Equal("409 refused", (await otto.PostAsync("operations/night-1/cancel", new { reason = "too late" })).Outcome);
        Assert.Single((await otto.GetAsync("audit?act=start&operationId=night-1")).Items);
    }

    [Fact]
    public async Task Without_a_key_each_request_is_an_operation_and_what_runs_can_be_cancelled()
    {
        await using var host = await ApiHost.StartAsync(o => o.RunBulkOperations = false);
        await host.Shelf.ParkAsync();
        var body = new { side = "outbox", action = "retry", filter = new { }, reason = "now", limit = 10, perSecond = 1.5 };
        var otto = host.As(Person.Operator);

        var started = await otto.PostAsync("operations", body);
        await otto.PostAsync("operations", body);
        var id = started.Json.GetProperty("id").GetString()!;

        Assert.Equal((10, 1.5), (started.Json.GetProperty("limit").GetInt32(), started.Json.GetProperty("perSecond").GetDouble()));
        Assert.Equal(2, (await otto.GetAsync("operations")).Items.Count);
        Assert.Single((await otto.GetAsync("operations?size=1")).Items);
        Assert.Equal("204", (await otto.PostAsync($"operations/{id}/cancel", new { reason = "not now" })).Outcome);
        Assert.Equal("cancelled", (await otto.GetAsync($"operations/{id}")).Json.GetProperty("state").GetString());
        Assert.Single((await otto.GetAsync("parked")).Items);
    }

    [Fact]
    public async Task What_was_given_up_by_an_operation_is_restored_by_another()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Shelf.ParkAsync("order-1");
        await host.Shelf.ParkAsync("order-2");
        var dora = host.As(Person.Destroyer);

        await dora.PostAsync("operations", new { side = "outbox", action = "discard", filter = new { }, reason = "test orders" }, "away");
        await dora.UntilAsync("operations/away", operation => operation.GetProperty("hasEnded").GetBoolean());
        Assert.Equal((0, 2), ((await dora.GetAsync("parked")).Items.Count, (await dora.GetAsync("discarded")).Items.Count));
        Assert.Equal("202", (await dora.PostAsync("operations", new { side = "outbox", action = "restore", filter = new { }, reason = "they were none" }, "back")).Outcome);
        await dora.UntilAsync("operations/back", operation => operation.GetProperty("hasEnded").GetBoolean());

        Assert.Equal((2, 0), ((await dora.GetAsync("parked")).Items.Count, (await dora.GetAsync("discarded")).Items.Count));
    }
}
