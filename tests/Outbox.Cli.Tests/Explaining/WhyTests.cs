using System.Text.Json;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Tests.Explaining;

/// <summary>Each fault that a service can have at night, made by the framework itself, is found by <c>why</c>.</summary>
public sealed class WhyTests
{
    [Fact]
    public async Task A_poisonous_message_is_found_and_its_error_does_nothing_to_the_terminal()
    {
        await using var shop = await Shop.StartAsync(consumes: true);
        await shop.PublishAsync("order-1", BillingConsumer.Poison, 1);
        await shop.HasAsync("inbox.parked");

        var run = await shop.RunAsync("why", "order-1", "--check");
        var json = await shop.RunAsync("why", "order/order-1", "-o", "json");

        Assert.Equal(ExitCode.Unhealthy, run.Code);
        Assert.Contains(FindingCodes.InboxParked, Codes(json));
        Assert.Contains("outbox parked retry", run.Out);
        Assert.Contains("[red]not an amount[/]", run.Out);
        Assert.DoesNotContain(run.Out + run.Error + json.Out, character => char.IsControl(character) && character is not ('\n' or '\r'));
        Assert.DoesNotContain('\u202e', run.Out + json.Out);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_found()
    {
        await using var shop = await Shop.StartAsync(hasTopic: false);
        await shop.PublishAsync("order-1", "fine", 1);

        await Eventually.TrueAsync(async () => Codes(await shop.RunAsync("why", "order-1", "-o", "json")).Contains(FindingCodes.PlaceClosed), "the closed topic is found");
    }

    [Fact]
    public async Task That_no_relay_runs_is_found()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "fine", 1);

        var json = await shop.RunAsync("why", "order-1", "-o", "json");

        Assert.Contains(FindingCodes.NoRelay, Codes(json));
        Assert.Equal("stuck", JsonDocument.Parse(json.Out).RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_gap_is_found_and_released()
    {
        await using var shop = await Shop.StartAsync(inSequence: true, consumes: true);
        await shop.PublishAsync("order-1", "fine", 2);
        await shop.HasAsync("inbox.parked");

        var found = await shop.RunAsync("why", "order-1", "-o", "json");
        var list = await shop.RunAsync("sequences", "list", "-o", "json");
        var rehearsed = await shop.RunAsync("sequences", "release", shop.Endpoint, shop.Topic, "order-1", "order", "--reason", "it will not come");
        var released = await shop.RunAsync("sequences", "release", shop.Endpoint, shop.Topic, "order-1", "order", "--reason", "it will not come", "--yes");

        Assert.Contains(FindingCodes.Gap, Codes(found));
        Assert.Contains("\"nextWaiting\": 2", list.Out);
        Assert.Contains("add --yes", rehearsed.Error);
        Assert.Equal(ExitCode.Done, released.Code);
        Assert.Equal(ExitCode.NotFound, (await shop.RunAsync("sequences", "release", shop.Endpoint, shop.Topic, "nobody", "--reason", "x", "--yes")).Code);
    }

    [Fact]
    public async Task What_is_paused_is_found_by_whom_until_it_is_resumed()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "fine", 1);

        var paused = await shop.RunAsync("pause", "topic", shop.Topic, "--for", "10m", "--reason", "the consumers are deployed");
        var found = await shop.RunAsync("why", "order-1", "-o", "json");
        var status = await shop.RunAsync("status", "--check");
        var resumed = await shop.RunAsync("resume", "topic", shop.Topic, "--reason", "they are");
        var again = await shop.RunAsync("resume", "topic", shop.Topic, "--reason", "they are");
        var audit = await shop.RunAsync("audit", "-o", "json");

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.NotFound), (paused.Code, resumed.Code, again.Code));
        Assert.Contains(FindingCodes.TopicPaused, Codes(found));
        Assert.Contains("the consumers are deployed", found.Out);
        Assert.Contains($"topic {shop.Topic} is paused by", status.Out, StringComparison.OrdinalIgnoreCase);
        Assert.All(JsonDocument.Parse(audit.Out).RootElement.GetProperty("items").EnumerateArray(), act => Assert.Equal("claimed", act.GetProperty("byKind").GetString()));
        Assert.Contains($"\"via\": \"command line on {Environment.MachineName}\"", audit.Out);
        Assert.Equal(["resume", "pause"], JsonDocument.Parse(audit.Out).RootElement.GetProperty("items").EnumerateArray().Select(act => act.GetProperty("act").GetString()!));
    }

    [Fact]
    public async Task A_message_is_followed_from_the_outbox_to_the_inbox()
    {
        await using var shop = await Shop.StartAsync(consumes: true);
        await shop.PublishAsync("order-1", "fine", 1);
        await shop.HasAsync("inbox");
        await shop.HasAsync("outbox.sent");
        var id = JsonDocument.Parse((await shop.RunAsync("why", "order-1", "-o", "json")).Out).RootElement.GetProperty("sent")[0].GetProperty("messageId").GetString()!;

        var trace = await shop.RunAsync("trace", id, "--in", await Installed.DatabaseAsync(), "-o", "jsonl");
        var lag = await shop.RunAsync("lag", "-o", "json");
        var instances = await shop.RunAsync("instances");

        Assert.Equal(["processed", "sent"], trace.Out.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("place").GetString()!).Order());
        Assert.Equal(ExitCode.NotFound, (await shop.RunAsync("trace", "nobody")).Code);
        Assert.Contains($"\"endpoint\": \"{shop.Endpoint}\"", lag.Out);
        Assert.Contains("alive", instances.Out);
    }

    [Fact]
    public async Task What_nobody_knows_is_not_found()
    {
        var run = await CommandRun.OfAsync(await Installed.EnvironmentAsync(), "why", "nobody", "-o", "json");

        Assert.Equal(ExitCode.NotFound, run.Code);
        Assert.Contains("\"verdict\": \"no-trace\"", run.Out);
    }

    private static List<string> Codes(CommandRun run) =>
        [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)];
}
