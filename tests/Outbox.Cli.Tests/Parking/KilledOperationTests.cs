using System.Globalization;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Tests.Running;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Parking;

/// <summary>The command line is killed in the middle of what it does to many messages, and another one goes on.</summary>
public sealed class KilledOperationTests
{
    private const int Orders = 10_000;
    private static readonly string[] Causes = ["The record is too large.", "The schema is unknown.", "The broker refuses the headers."];

    [Fact]
    public async Task Ten_thousand_messages_of_three_groups_are_retried_once_each_though_the_command_is_killed()
    {
        await using var shop = await Shop.StartAsync(relays: false);
        await shop.PublishManyAsync(Orders);
        await shop.ParkAllAsync(message => Causes[int.Parse(message.EntityId["order-".Length..], CultureInfo.InvariantCulture) % Causes.Length]);
        // With the service down nobody else goes on with it.
        await shop.StopAsync();
        Assert.Equal(3, JsonDocument.Parse((await shop.RunAsync("parked", "groups", "-o", "json")).Out).RootElement.GetArrayLength());

        var middle = Eventually.TrueAsync(async () => await shop.CountAsync("outbox") is > 0 and < Orders, "some are retried, and not all");
        await CommandProcess.KillAsync(shop.Environment, middle, "parked", "retry", "--side", "outbox", "--all", "--reason", "the brokers are mended", "--yes");
        var left = JsonDocument.Parse((await shop.RunAsync("operations", "list", "-o", "json")).Out).RootElement.GetProperty("items")[0];
        var resumed = await CommandProcess.OfAsync(shop.Environment, "operations", "run", left.GetProperty("id").GetString()!, "-o", "json");

        Assert.Equal("running", left.GetProperty("state").GetString());
        Assert.InRange(left.GetProperty("done").GetInt32(), 0, Orders - 1);
        Assert.True(resumed.Code == ExitCode.Done, resumed.ToString());
        var ended = JsonDocument.Parse(resumed.Out).RootElement;
        Assert.Equal(("done", Orders, Orders), (ended.GetProperty("state").GetString(), ended.GetProperty("total").GetInt32(), ended.GetProperty("done").GetInt32()));
        Assert.Equal((0, Orders), (await shop.CountAsync("outbox.parked"), await shop.CountAsync("outbox", new BsonDocument("failure.retries", 1))));
        var audited = await shop.Documents.GetCollection<BsonDocument>("outbox.audit").Find(new BsonDocument("act", "retry")).ToListAsync();
        var ids = audited.SelectMany(entry => entry["messageIds"].AsBsonArray).ToList();
        Assert.Equal((Orders, Orders), (ids.Count, ids.Distinct().Count()));
    }
}
