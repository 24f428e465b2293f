using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Installation;
using Outbox.Operations.Bulk;
using Outbox.Operations.Failures;
using Outbox.Operations.Seeing;

namespace Outbox.Integration.Tests.Operations;

/// <summary>With 100,000 parked messages on both sides, nothing that a person asks reads a collection from end to end or sorts in memory.</summary>
[Trait("Broker", "none")]
public sealed class IndexUseTests
{
    private const int Many = 100_000;

    private static readonly string[] Read = ["find", "aggregate", "count"];
    private static readonly string[] OfTheDriver = ["lsid", "$db", "$clusterTime", "txnNumber", "startTransaction", "autocommit", "readConcern", "$readPreference"];

    private readonly ConcurrentQueue<BsonDocument> _commands = new();

    [Fact]
    public async Task Every_question_goes_along_an_index_that_has_its_order()
    {
        await using var place = await ParkedPlace.CreateAsync();
        await place.ParkAsync(Many, groups: 3);
        await place.ParkInboxAsync(Many, groups: 3);
        var instance = place.Instance(client => client.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(started =>
        {
            if (Read.Contains(started.CommandName) && started.Command[0].AsString.StartsWith("ops.", StringComparison.Ordinal))
            {
                _commands.Enqueue(BsonSerializer.Deserialize<BsonDocument>(started.Command.ToBson()));
            }
        }));

        await instance.GetRequiredService<MongoInstaller>().InstallAsync();
        _commands.Clear();

        await AskOutboxAsync(instance.GetRequiredService<IOutboxOperations>());
        await AskInboxAsync(instance.GetRequiredService<IInboxOperations>());
        await AskBulkAsync(instance.GetRequiredService<IBulkOperations>());
        await SeeAsync(instance.GetRequiredService<IOutboxOverview>());

        var plans = 0;
        foreach (var command in _commands.DistinctBy(Shape))
        {
            plans += await ExplainAsync(place.Database, command);
        }

        TestContext.Current.SendDiagnosticMessage($"{plans} plans of {_commands.Count} commands");
        Assert.True(plans >= 30, $"Only {plans} plans: were the questions asked?");
    }

    private static async Task AskOutboxAsync(IOutboxOperations operations)
    {
        ParkedFilter[] filters =
        [
            new(), new() { ErrorGroup = "g1" }, new() { ErrorGroup = FailureGroup.Ungrouped }, new() { Topic = "topic-1" }, new() { EntityId = "e7", EntityType = "order" }, new() { Type = "type-3" },
            new() { Error = "Error 2" }, new() { ErrorGroup = "g1", Topic = "topic-1", Type = "type-3" }, new() { ParkedFrom = DateTimeOffset.UnixEpoch, ParkedBefore = DateTimeOffset.UtcNow },
        ];
        foreach (var filter in filters)
        {
            var page = await operations.SearchAsync(filter, size: 5);
            Assert.Equal(5, page.Items.Count);
            Assert.Equal(5, (await operations.SearchAsync(filter, page.Next, size: 5)).Items.Count);
            Assert.True(await operations.CountAsync(filter) >= 10);
            Assert.NotEmpty(await operations.GroupsAsync(filter));
            Assert.NotEmpty(await operations.ListParkedAsync(filter, 5));
        }

        Assert.Equal((Many, 4), ((await operations.GroupsAsync()).Sum(x => x.Count), (await operations.GroupsAsync()).Count));
        Assert.Equal("m000000", (await operations.GroupsAsync()).Single(x => x.Group == "g0").ExampleId);
        await operations.DiscardAllAsync(new() { EntityId = "e3" }, "test");
        Assert.Equal(10, (await operations.SearchDiscardedAsync(new())).Items.Count);
        Assert.True(await operations.RestoreAsync("m000031", "test"));
        Assert.True(await operations.RetryAsync("m000031", "test"));
        Assert.Equal(10, await operations.RetryAllAsync(new() { EntityId = "e4" }, "test"));
    }

    private static async Task AskInboxAsync(IInboxOperations operations)
    {
        ParkedInboxFilter[] filters =
        [
            new(), new() { ErrorGroup = "g1" }, new() { ErrorGroup = FailureGroup.Ungrouped }, new() { Topic = "topic-1" }, new() { EntityId = "e7", EntityType = "order" }, new() { Type = "type-3" },
            new() { Error = "Error 2" }, new() { Endpoint = "endpoint-2" }, new() { Reason = ParkReason.Gap }, new() { Endpoint = "endpoint-2", Reason = ParkReason.Failed, ErrorGroup = "g0" },
        ];
        foreach (var filter in filters)
        {
            var page = await operations.SearchAsync(filter, size: 5);
            Assert.Equal(5, page.Items.Count);
            await operations.SearchAsync(filter, page.Next, size: 5);
            await operations.CountAsync(filter);
            Assert.NotEmpty(await operations.GroupsAsync(filter));
            Assert.NotEmpty(await operations.ListParkedAsync(filter, 5));
        }

        var one = (await operations.SearchAsync(new() { EntityId = "e9" })).Items[0];
        Assert.True(await operations.DiscardAsync(one.Id, "test"));
        Assert.Single((await operations.SearchDiscardedAsync(new())).Items);
        Assert.True(await operations.RestoreAsync(one.Id, "test"));
        Assert.Equal(9, await operations.RetryAllAsync(new() { EntityId = "e9", Reason = ParkReason.Failed, Error = "Error" }, "test") + (one.Reason == ParkReason.Gap ? 0 : -1));
    }

    private static async Task AskBulkAsync(IBulkOperations operations)
    {
        var request = new BulkRequest { Action = BulkAction.Retry, Reason = "test", Outbox = new() { EntityId = "e11" } };
        Assert.Equal(10, (await operations.RunAsync((await operations.StartAsync(request)).Id)).Done);
        Assert.True((await operations.RunAsync((await operations.StartAsync(request with { Outbox = null, Inbox = new() { EntityId = "e12" } })).Id)).Done > 8);
        var page = await operations.ListOperationsAsync(size: 1);
        await operations.ListOperationsAsync(page.Next, size: 1);
    }

    private static async Task SeeAsync(IOutboxOverview overview)
    {
        var seen = await overview.ReadAsync(new OverviewRequest { QueryTimeout = TimeSpan.FromMinutes(1) });
        Assert.Empty(seen.Unknown);
        Assert.True(seen.Parked > Many / 2);
        Assert.Contains(seen.InboxParked!, total => total.Count == IOutboxOverview.MostCounted);
        Assert.NotEmpty(await overview.ListLanesAsync());
        Assert.Contains(await overview.ListEndpointsAsync(), endpoint => endpoint.Waiting > 0);
        await overview.ListInstancesAsync();
        var page = await overview.ListWaitingAsync(size: 5);
        Assert.Equal(5, page.Items.Count);
        Assert.Equal(5, (await overview.ListWaitingAsync(cursor: page.Next, size: 5)).Items.Count);
        Assert.Equal(5, (await overview.ListWaitingAsync("endpoint-2", size: 5)).Items.Count);
    }

    private static string Shape(BsonDocument command) => new BsonDocument(command.Where(field => !OfTheDriver.Contains(field.Name))).ToJson();

    /// <returns>How many plans it has.</returns>
    private static async Task<int> ExplainAsync(IMongoDatabase database, BsonDocument command)
    {
        var asked = new BsonDocument(command.Where(field => !OfTheDriver.Contains(field.Name)));
        var explained = await database.RunCommandAsync<BsonDocument>(new BsonDocument { { "explain", asked }, { "verbosity", "queryPlanner" } });
        var winning = Find(explained, "winningPlan").ToList();
        var stages = winning.SelectMany(plan => Find(plan, "stage")).Select(stage => stage.AsString).ToList();
        Assert.False(winning.Count == 0 || stages.Contains("COLLSCAN") || stages.Contains("SORT"), $"{asked}\nruns as {string.Join(" < ", stages)}");
        return winning.Count;
    }

    private static IEnumerable<BsonValue> Find(BsonValue value, string name) => value switch
    {
        BsonDocument document => document.SelectMany(field => (field.Name == name ? [field.Value] : Array.Empty<BsonValue>()).Concat(Find(field.Value, name))),
        BsonArray array => array.SelectMany(item => Find(item, name)),
        _ => [],
    };
}
