using System.Text.Json;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Running;

/// <summary>The program itself, as few times as tells that it is the one that the other tests run in their process.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Data_goes_to_stdout_words_to_stderr_and_the_code_is_the_process()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishAsync("order-1", "fine", 1);

        var status = await CommandProcess.OfAsync(shop.Environment, "status", "--check", "--output", "json");
        var none = await CommandProcess.OfAsync(shop.Environment, "parked", "list");

        Assert.Equal(ExitCode.Unhealthy, status.Code);
        Assert.Equal(("unhealthy", 1), (JsonDocument.Parse(status.Out).RootElement.GetProperty("state").GetString(), JsonDocument.Parse(status.Out).RootElement.GetProperty("pending").GetInt32()));
        Assert.Equal("", status.Error);
        Assert.Equal((ExitCode.Done, ""), (none.Code, none.Out));
        Assert.Equal("Nothing of that kind is parked.", none.Error.Trim());
    }

    [Fact]
    public async Task A_server_that_is_down_is_told_within_seconds()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var run = await CommandProcess.OfAsync(new Dictionary<string, string> { ["OUTBOX_MONGODB"] = "mongodb://anna:s3cret@127.0.0.1:1/orders" }, "status", "--timeout", "1");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.DoesNotContain("s3cret", run.ToString());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"It took {watch.Elapsed}, nearly the driver's own 30 seconds.");
    }
}
