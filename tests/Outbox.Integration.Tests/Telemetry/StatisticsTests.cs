using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb;
using Outbox.MongoDb.Statistics;
using Outbox.Statistics;

namespace Outbox.Integration.Tests.Telemetry;

/// <summary>How much there is, as the store says it.</summary>
public sealed class StatisticsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("localhost", 27017)));

    [Fact]
    public async Task What_is_pending_delayed_parked_and_waiting_is_known_with_its_age()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await FillAsync(service);

        var known = await service.Services.GetRequiredService<IOutboxStatistics>().ReadAsync(Limit, default);

        Assert.Empty(known.Unknown);
        Assert.Equal((5L, 3L, new OutboxOptions().Lanes, 1L), (known.Pending, known.Delayed, known.UnownedLanes, known.Instances));
        AssertAge(2, known.OldestAge);
        Assert.Equal(
            ["orders Failed 2 False", "pets Failed 1 False", "shipping Failed 1 True", "shipping Held 1 True", "shipping Unreadable 1 True"],
            known.Parked!.Select(parked => $"{parked.Place} {parked.Reason} {parked.Count} {parked.IsInbox}").Order());
        AssertAge(3, known.Parked!.Single(parked => parked.Place == "orders").OldestAge);
        var gap = Assert.Single(known.Gaps!);
        Assert.Equal(("billing", 2L), (gap.Place, gap.Count));
        AssertAge(4, gap.OldestAge);
    }

    [Fact]
    public async Task Behind_a_thousand_delayed_messages_the_age_is_that_of_another()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await FillAsync(service);
        await service.Messages.InsertManyAsync(Enumerable.Range(0, 1_100).Select(n => new BsonDocument
        {
            { "_id", $"0000-{n}" }, { "lane", -1 }, { "notBefore", DateTime.UtcNow.AddDays(1) }, { "timestamp", DateTime.UtcNow.AddDays(-9) },
        }));

        var known = await service.Services.GetRequiredService<IOutboxStatistics>().ReadAsync(Limit, default);

        AssertAge(2, known.OldestAge);
        Assert.Equal((1_105L, 1_103L), (known.Pending, known.Delayed));
    }

    [Fact]
    public async Task Every_query_walks_an_index_and_sorts_nothing()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await FillAsync(service);
        var commands = new ConcurrentQueue<BsonDocument>();
        var settings = MongoClientSettings.FromConnectionString(service.Place.MongoDb);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(x => commands.Enqueue((BsonDocument)x.Command.DeepClone()));
        using var own = new OwnClient(settings);
        var collections = new OutboxCollections(own.Client.GetDatabase(service.DatabaseName), new CollectionNames(""));
        var store = new MongoOutboxStatistics(collections, new PendingMessages(collections), new ParkedMessages(collections), service.Services.GetRequiredService<IInstallation>());
        await store.ReadAsync(Limit, default);

        var asked = commands.Where(command => command.GetElement(0).Name is "aggregate" or "find" or "distinct").ToList();
        Assert.True(asked.Count > 10, $"{asked.Count} queries were asked.");
        Assert.All(asked, command => Assert.True(command.Contains("maxTimeMS"), $"{command} has no limit of time"));
        foreach (var command in asked.Where(command => command[0] != "outbox.leases" && command[0] != "outbox.instances"))
        {
            await ExplainAsync(service, command);
        }
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_not_known_and_the_others_are()
    {
        var query = new BoundedQuery(TimeSpan.FromMilliseconds(10));
        Assert.Null(await query.RunAsync<string>("what hangs", async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return "";
        }, default));
        Assert.Equal("known", await query.RunAsync("what does not", _ => Task.FromResult("known"), default));
        Assert.Null(await query.RunAsync<string>("what the server stops", _ => throw new MongoExecutionTimeoutException(Connection, "too long"), default));
        Assert.Equal(["what hangs took longer than 00:00:00.0100000", "what the server stops took longer than 00:00:00.0100000"], query.Unknown);
    }

    [Fact]
    public async Task Of_two_instances_one_shows_it()
    {
        await using var first = await StartAsync(null);
        await using var second = await StartAsync(first);
        using var one = new Measured(first.Services);
        using var other = new Measured(second.Services);
        await Eventually.TrueAsync(() => Task.FromResult(one["outbox.relay.lanes"] > 0 && other["outbox.relay.lanes"] > 0), "they share the lanes");
        await first.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o", 7), "o", 1, new MessageOptions { NotBefore = DateTimeOffset.UtcNow.AddDays(1) });
            return Task.CompletedTask;
        });

        await Eventually.TrueAsync(() => Task.FromResult(one["outbox.delayed"] == 1 || other["outbox.delayed"] == 1), "one of them shows it");
        Assert.NotEqual(one["outbox.delayed"] == 1, other["outbox.delayed"] == 1);
    }

    private static Task<TestService> StartAsync(TestService? sibling) =>
        TestService.StartAsync(o => o.Services.Configure<StatisticsOptions>(options => options.Interval = TimeSpan.FromMilliseconds(100)), sibling: sibling);

    private static async Task FillAsync(TestService service)
    {
        await service.PublishAsync("o1", 1, 2);
        await service.Messages.UpdateManyAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("timestamp", DateTime.UtcNow.AddHours(-2))));
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            foreach (var version in new[] { 3, 4, 5 })
            {
                tx.Publish(new OrderPlaced("o1", 7), "o1", version, new MessageOptions { NotBefore = DateTimeOffset.UtcNow.AddDays(1) });
            }

            return Task.CompletedTask;
        });
        await service.Database.GetCollection<BsonDocument>("outbox.parked").InsertManyAsync([Parked("topic", "orders", 3), Parked("topic", "orders", 1), Parked("topic", "pets", 1)]);
        await service.Database.GetCollection<BsonDocument>("inbox.parked").InsertManyAsync(
        [
            Parked("endpoint", "shipping", 1, "failed"), Parked("endpoint", "shipping", 1, "unreadable"), Parked("endpoint", "shipping", 1, "held"), Parked("endpoint", "billing", 4, "gap"),
            Parked("endpoint", "billing", 1, "gap"),
        ]);
    }

    private static BsonDocument Parked(string place, string name, int hours, string? reason = null) => new()
    {
        { "_id", Guid.NewGuid().ToString() }, { place, name }, { "parkedAt", DateTime.UtcNow.AddHours(-hours) }, { "reason", reason, reason is not null },
    };

    private static async Task ExplainAsync(TestService service, BsonDocument command)
    {
        var asked = new BsonDocument(command.Where(field => field.Name is not ("$db" or "lsid" or "$clusterTime" or "maxTimeMS" or "readConcern" or "$readPreference")));
        if (asked.GetElement(0).Name == "distinct")
        {
            // MongoDB skips through the index that begins with the field (DISTINCT_SCAN).
            var indexes = await (await service.Database.GetCollection<BsonDocument>(asked[0].AsString).Indexes.ListAsync()).ToListAsync();
            Assert.Contains(indexes, index => index["key"].AsBsonDocument.GetElement(0).Name == asked["key"].AsString && !index.Contains("partialFilterExpression"));
            return;
        }

        var plan = (await service.Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "explain", asked }, { "verbosity", "queryPlanner" } })).ToJson();
        Assert.True(plan.Contains("IXSCAN", StringComparison.Ordinal) && !plan.Contains("COLLSCAN", StringComparison.Ordinal), $"{asked}\n{plan}");
        Assert.DoesNotContain("\"SORT\"", plan, StringComparison.Ordinal);
    }

    private static void AssertAge(int hours, TimeSpan? age) => Assert.InRange(age!.Value, TimeSpan.FromHours(hours) - TimeSpan.FromSeconds(30), TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(5));
}
