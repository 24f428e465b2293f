using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Delivery;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka.Asking.Clients;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>
/// What the sweep asks of a server that introduces itself as the router of a sharded cluster. That such a cluster keeps a causally consistent read waiting for prepared transactions is its own doing, and not shown here.
/// </summary>
public sealed class ShardedClusterTests
{
    private readonly Finds _finds = new();

    [Fact]
    public async Task G4_on_a_sharded_cluster_a_version_waits_for_an_earlier_one_that_becomes_visible_after_its_page_was_read()
    {
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { IsRouter = true });
        await using var service = await StartAsync(server);
        await service.PublishAsync("o1", 2);
        // As a transaction of two shards does that was prepared before version 2 was written, and is committed on this shard only now.
        _finds.AfterNext = () => service.PublishAsync("o1", 1);

        Assert.Empty(await SweepAsync(service));
        var (page, check) = (_finds.Seen[0], _finds.Seen[1]);
        Assert.Equal([1, 2], await SweepAsync(service));

        Assert.False(page["readConcern"].AsBsonDocument.Contains("afterClusterTime"));
        Assert.True(check["readConcern"]["afterClusterTime"].IsBsonTimestamp);
        Assert.Equal("majority", check["readConcern"]["level"]);
        Assert.Equal(page["lsid"], check["lsid"]);
    }

    [Fact]
    public async Task On_a_replica_set_a_page_is_read_and_nothing_else()
    {
        await using var server = await MongoServer.StartAsync();
        await using var service = await StartAsync(server);
        await service.PublishAsync("o1", 1, 2);

        Assert.Equal([1, 2], await SweepAsync(service));

        Assert.Single(_finds.Seen);
    }

    private async Task<TestService> StartAsync(MongoServer server)
    {
        var place = await TestPlace.SharedAsync() with { MongoDb = server.ConnectionString };
        return await TestService.StartAsync(o => o.RelayEnabled = false, services => services.AddOwnClient(_finds.Settings), place: place);
    }

    private static async Task<List<long>> SweepAsync(TestService service) => await service.Services.GetRequiredService<IOutboxReader>()
        .SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], 1_000, [], DateTimeOffset.UtcNow), TestContext.Current.CancellationToken)
        .SelectMany(page => page).Select(message => message.Version).ToListAsync();

    /// <summary>Sees each query of the outbox, and can have something happen between the server's answer and the client's knowledge of it.</summary>
    private sealed class Finds
    {
        public List<BsonDocument> Seen { get; } = [];

        public Func<Task>? AfterNext { get; set; }

        public Func<IServiceProvider, MongoClientSettings> Settings => provider =>
        {
            var settings = MongoClientSettings.FromConnectionString(provider.GetRequiredService<IOptions<MongoDbOptions>>().Value.Connection);
            settings.ClusterConfigurator = cluster =>
            {
                cluster.Subscribe<CommandStartedEvent>(Asked);
                cluster.Subscribe<CommandSucceededEvent>(Answered);
            };
            return settings;
        };

        private void Asked(CommandStartedEvent command)
        {
            if (command.CommandName == "find" && command.Command["find"] == "outbox")
            {
                Seen.Add(command.Command.DeepClone().AsBsonDocument);
            }
        }

        private void Answered(CommandSucceededEvent command)
        {
            if (command.CommandName == "find" && command.Reply["cursor"]["ns"].AsString.EndsWith(".outbox", StringComparison.Ordinal) && AfterNext is { } happen)
            {
                AfterNext = null;
                Task.Run(happen).GetAwaiter().GetResult();
            }
        }
    }
}
