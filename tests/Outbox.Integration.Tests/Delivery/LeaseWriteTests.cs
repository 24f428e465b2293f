using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Delivery.Leases;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>What it costs to keep leases: while a majority takes long, nothing is published, so few writes wait for one.</summary>
public sealed class LeaseWriteTests
{
    private static readonly HashSet<string> Writes = ["insert", "update", "delete", "findAndModify"];
    private readonly ConcurrentQueue<BsonDocument> _written = new();

    [Fact]
    public async Task A_sign_of_life_and_the_renewal_of_all_leases_wait_for_one_majority_write()
    {
        var place = await TestPlace.SharedAsync();
        var settings = MongoClientSettings.FromConnectionString(place.MongoDb);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(command =>
        {
            if (Writes.Contains(command.CommandName) && command.DatabaseNamespace.DatabaseName == place.Database)
            {
                _written.Enqueue(command.Command.DeepClone().AsBsonDocument);
            }
        });
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false, services => services.AddOwnClient(settings), place: place);
        var leases = service.Services.GetRequiredService<ILeaseStore>();
        await leases.HeartbeatAsync("relay-1", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(3, (await leases.AcquireAsync([0, 1, 2], "relay-1", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Count);
        _written.Clear();

        var view = await leases.HeartbeatAsync("relay-1", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2], view.Held.Order());
        var own = _written.Where(command => command[0].AsString is "outbox.leases" or "outbox.relays").ToList();
        Assert.Equal(2, own.Count);
        var majority = Assert.Single(own, command => command.TryGetValue("writeConcern", out var concern) && concern["w"] == "majority");
        Assert.Equal("outbox.leases", majority[0].AsString);
    }
}
