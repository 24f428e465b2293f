using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Telemetry;

/// <summary>What one service measures while messages flow and fail.</summary>
public sealed partial class FlowTests
{
    [Fact]
    public async Task Messages_are_measured_from_capture_to_acknowledgement_and_to_the_end_of_their_processing_with_the_tags_that_the_page_lists()
    {
        await using var service = await ConsumingService.StartAsync(outbox: o => o.RelayEnabled = true);
        using var measured = new Measured(service.Services);
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no") : Task.CompletedTask;
        await service.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("good", 1), "good", 1);
            tx.Publish(new OrderPlaced("bad", 1), "bad", 1);
            return Task.CompletedTask;
        });
        var endpoint = $"{ConsumingService.Endpoint}-{service.Topic}";
        await measured.BecomesAsync($"outbox.inbox.parked endpoint={endpoint} reason=Failed", 1);
        await Eventually.TrueAsync(() => Task.FromResult(measured[$"outbox.processing.delay endpoint={endpoint} topic={service.TopicName}"] > 0), "the good one was processed");
        await measured.BecomesAsync($"outbox.endpoint.lag endpoint={endpoint} topic={service.TopicName}", 0);

        Assert.True(measured[$"outbox.delivery.duration topic={service.Topic}"] > 0);
        Assert.Equal((2, 0), (measured[$"outbox.relay.published topic={service.Topic}"], measured["outbox.dependency.failing.time dependency=mongodb"]));
        var listed = Row().Matches(await File.ReadAllTextAsync(PageOf())).ToDictionary(
            match => match.Groups["name"].Value, match => Word().Matches(match.Groups["tags"].Value).Select(tag => tag.Value).ToHashSet());
        var seen = measured.Names.Select(name => name.Split(' ')).ToList();
        Assert.True(seen.Count > 15, $"{seen.Count} were measured.");
        Assert.All(seen, name => Assert.All(name.Skip(1), tag => Assert.Contains(tag.Split('=')[0], listed[name[0]])));
    }

    private static string PageOf()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Outbox.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "observability.md");
    }

    [GeneratedRegex(@"^\| `(?<name>outbox\.[a-z._]+)` \| \w+ \| \S+ \|(?<tags>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<=`)[a-z_]+(?=`)")]
    private static partial Regex Word();
}
