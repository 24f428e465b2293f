using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Installation;

/// <summary>A script, a test, a function: not everything that uses an outbox has a host.</summary>
[Trait("Broker", "none")]
public sealed class FirstUseTests
{
    [Fact]
    public async Task Without_a_host_the_first_use_installs_once()
    {
        await using var place = await Place.SharedAsync();
        var services = place.Services();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Place.PublishAsync(services, $"o{i}")));

        Assert.Contains(await place.IndexesAsync("outbox"), index => index["name"] == "sweep");
        Assert.Equal(8, await place.Database.GetCollection<BsonDocument>("outbox.leases").CountDocumentsAsync(new BsonDocument()));
        Assert.Equal(20, await place.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task After_a_failure_the_next_use_tries_again()
    {
        await using var place = await Place.AloneAsync();
        var services = place.Services();
        await place.RefuseOnceAsync(13, "listCollections");

        await Assert.ThrowsAsync<OutboxConfigurationException>(() => Place.PublishAsync(services, "o1"));
        await Place.PublishAsync(services, "o1");

        Assert.Equal(1, await place.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
    }

    [Theory]
    [InlineData(10107, "create")]
    [InlineData(91, "createIndexes")]
    [InlineData(0, "create")]
    [InlineData(0, "createIndexes")]
    public async Task An_election_or_a_connection_that_breaks_while_it_installs_is_waited_for(int code, string command)
    {
        await using var place = await Place.AloneAsync();
        await (code == 0 ? place.BreakOnceAsync(command) : place.RefuseOnceAsync(code, command));

        await place.InstallAsync();

        Assert.Contains(await place.IndexesAsync("outbox"), index => index["name"] == "sweep");
        Assert.Equal(8, await place.Database.GetCollection<BsonDocument>("outbox.leases").CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task G9_another_number_of_lanes_is_refused_also_where_no_host_starts()
    {
        await using var place = await Place.SharedAsync();
        await place.InstallAsync();

        var error = await Assert.ThrowsAsync<OutboxConfigurationException>(() => Place.PublishAsync(place.Services(settings: ("Lanes", "16")), "o1"));

        Assert.Contains("was created with 8 lanes, but Outbox:Lanes is 16", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await place.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_or_a_database_of_the_services_own_is_used_and_needs_no_settings(bool database)
    {
        await using var place = await Place.SharedAsync();
        var services = database
            ? place.Services(own: x => x.AddSingleton(place.Database))
            : place.Services(own: x => x.AddSingleton(place.Database.Client), settings: ("MongoDb:DatabaseName", place.Database.DatabaseNamespace.DatabaseName));

        await Place.PublishAsync(services, "o1");

        Assert.Equal(1, await place.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
        Assert.Same(place.Database.Client, services.GetRequiredService<IMongoClient>());
    }

    [Fact]
    public async Task G1_the_state_of_a_tenant_in_a_database_of_its_own_and_its_message_are_one_transaction()
    {
        await using var place = await Place.SharedAsync();
        var services = place.Services();
        var client = services.GetRequiredService<IMongoClient>();
        var outbox = services.GetRequiredService<IOutbox>();

        async Task PlaceAsync(string tenant, string id, bool fails = false) => await outbox.ExecuteAsync(async (tx, ct) =>
        {
            var orders = client.GetDatabase($"{place.Database.DatabaseNamespace.DatabaseName}-{tenant}").GetCollection<BsonDocument>("orders");
            await orders.InsertOneAsync(tx.Session, new BsonDocument("_id", id), cancellationToken: ct);
            tx.Publish(new OrderPlaced(id, 7), id, 1, new MessageOptions { Headers = new Dictionary<string, string> { ["tenant"] = tenant } });
            if (fails)
            {
                throw new InvalidOperationException("No more bread.");
            }
        });

        await PlaceAsync("north", "n1");
        await PlaceAsync("south", "s1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => PlaceAsync("south", "s2", fails: true));

        Assert.Equal(["n1", "s1"], (await place.Database.GetCollection<BsonDocument>("outbox").Find(new BsonDocument()).ToListAsync()).Select(x => x["entityId"].AsString).Order());
        Assert.Equal(["s1"], (await client.GetDatabase($"{place.Database.DatabaseNamespace.DatabaseName}-south").GetCollection<BsonDocument>("orders")
            .Find(new BsonDocument()).ToListAsync()).Select(x => x["_id"].AsString));
    }
}
