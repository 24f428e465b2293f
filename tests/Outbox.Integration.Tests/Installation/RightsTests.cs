using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Integration.Tests.Installation;

/// <summary>In many places a service's user may read and write, and somebody else creates.</summary>
[Trait("Broker", "none")]
public sealed class RightsTests
{
    private const int Unauthorized = 13;

    [Theory]
    [InlineData("listCollections")]
    [InlineData("create")]
    [InlineData("createIndexes")]
    public async Task Missing_rights_are_explained(string command)
    {
        await using var place = await Place.AloneAsync();
        await place.RefuseAsync(Unauthorized, command);

        var error = await place.RefusedAsync();

        Assert.Contains("Outbox:MongoDb:Install", error.Message, StringComparison.Ordinal);
        Assert.Contains("OutboxMongoDbScript()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_everything_is_there_a_user_without_rights_can_start_and_publish(bool mayListIndexes)
    {
        string[] refused = ["create", "createIndexes", "listCollections", "collMod", .. mayListIndexes ? Array.Empty<string>() : ["listIndexes"]];
        await using var place = await Place.AloneAsync();
        await place.InstallAsync();
        await place.RefuseAsync(Unauthorized, refused);

        await Place.PublishAsync(place.Services(settings: ("MongoDb:Install", "false")), "o1");

        Assert.Equal(1, await place.Database.GetCollection<BsonDocument>("outbox").CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task What_is_missing_is_named_where_nothing_may_be_created()
    {
        await using var place = await Place.SharedAsync();
        Assert.Contains("one document for each lane in 'outbox.leases'", (await place.RefusedAsync(("MongoDb:Install", "false"))).Message, StringComparison.Ordinal);
        Assert.Empty(await place.CollectionsAsync());

        await place.InstallAsync();
        await place.Database.GetCollection<BsonDocument>("inbox").Indexes.DropOneAsync("processedAt");

        var error = await place.RefusedAsync(("MongoDb:Install", "false"));
        Assert.Contains(
            "Missing are: db.getCollection(\"inbox\").createIndex({ \"processedAt\" : 1 }, { name: \"processedAt\", expireAfterSeconds: 604800 });", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the script creates, the installer would.</summary>
    [Fact]
    public async Task The_script_names_every_collection_and_index_that_the_installer_creates()
    {
        await using var place = await Place.SharedAsync();
        var services = place.Services(settings: [("MongoDb:CollectionPrefix", "m."), ("KeepSentFor", "1.00:00:00"), ("Lanes", "3")]);
        var script = services.GetRequiredService<IServiceProvider>().OutboxMongoDbScript();
        Assert.Empty(await place.CollectionsAsync());

        await Place.PublishAsync(services, "o1");

        Assert.Contains($"db.getSiblingDB(\"{place.Database.DatabaseNamespace.DatabaseName}\")", script, StringComparison.Ordinal);
        Assert.Contains("lane < 3", script, StringComparison.Ordinal);
        foreach (var collection in await place.CollectionsAsync())
        {
            Assert.Contains($"\"{collection}\"", script, StringComparison.Ordinal);
            foreach (var index in (await place.IndexesAsync(collection)).Where(index => index["name"] != "_id_"))
            {
                Assert.Contains($"""db.getCollection("{collection}").createIndex({index["key"].ToJson()}, {"{"} name: "{index["name"]}",""".TrimEnd(','), script, StringComparison.Ordinal);
            }
        }
    }
}
