using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Integration.Tests.Installation;

/// <summary>Indexes may be there already: created by a person, by an earlier version, or by somebody else.</summary>
[Trait("Broker", "none")]
public sealed class IndexTests
{
    [Fact]
    public async Task An_index_under_another_name_is_taken()
    {
        await using var place = await Place.SharedAsync();
        await CreateAsync(place, "outbox", """{ key: { lane: 1, entityId: 1, entityType: 1, version: 1, ordinal: 1, topic: 1 }, name: "by_hand" }""");
        await CreateAsync(place, "outbox.parked", """{ key: { lane: 1.0 }, name: "parked_by_hand", partialFilterExpression: { hold: true } }""");

        await place.InstallAsync();

        Assert.Contains("by_hand", await NamesAsync(place, "outbox"));
        Assert.DoesNotContain("sweep", await NamesAsync(place, "outbox"));
        Assert.DoesNotContain("hold", await NamesAsync(place, "outbox.parked"));
    }

    [Theory]
    [InlineData("processedAt")]
    [InlineData("by_hand")]
    public async Task Another_time_to_live_is_changed_whatever_the_name(string name)
    {
        await using var place = await Place.SharedAsync();
        await CreateAsync(place, "inbox", $$"""{ key: { processedAt: 1 }, name: "{{name}}", expireAfterSeconds: 60 }""");

        await place.InstallAsync(("DuplicateDetectionWindow", "2.00:00:00"));

        var index = Assert.Single(await place.IndexesAsync("inbox"), index => index["key"].AsBsonDocument.Contains("processedAt"));
        Assert.Equal((name, 172_800), (index["name"].AsString, index["expireAfterSeconds"].ToInt64()));
    }

    [Fact]
    public async Task A_time_to_live_that_may_not_be_changed_says_what_to_run()
    {
        await using var place = await Place.AloneAsync();
        await CreateAsync(place, "inbox", """{ key: { processedAt: 1 }, name: "by_hand", expireAfterSeconds: 60 }""");
        await place.RefuseAsync(13, "collMod");

        var error = await place.RefusedAsync();

        Assert.Contains("The index 'by_hand' of", error.Message, StringComparison.Ordinal);
        Assert.Contains("lets documents expire after 00:01:00, and Outbox:DuplicateDetectionWindow asks for 7.00:00:00", error.Message, StringComparison.Ordinal);
        Assert.Contains("db.runCommand({ \"collMod\" : \"inbox\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("dropIndex(\"by_hand\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_our_name_with_other_keys_says_what_to_drop()
    {
        await using var place = await Place.SharedAsync();
        await CreateAsync(place, "outbox", """{ key: { topic: 1 }, name: "sweep" }""");

        var error = await place.RefusedAsync();

        Assert.Contains("has an index 'sweep' that is in the way", error.Message, StringComparison.Ordinal);
        Assert.Contains("""db.getCollection("outbox").dropIndex("sweep")""", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_own_time_to_live_on_his_own_collection_is_not_changed()
    {
        await using var place = await Place.SharedAsync();
        await CreateAsync(place, "orders", """{ key: { deletedAt: 1 }, name: "trash", expireAfterSeconds: 60 }""");

        var error = await place.RefusedAsync(("MongoDb:KeepTombstonesFor:orders", "30.00:00:00"));

        Assert.Contains("The index 'trash'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Outbox:MongoDb:KeepTombstonesFor:orders asks for 30.00:00:00", error.Message, StringComparison.Ordinal);
        Assert.Equal(60, Assert.Single(await place.IndexesAsync("orders"), index => index["name"] == "trash")["expireAfterSeconds"].ToInt64());
    }

    private static Task CreateAsync(Place place, string collection, string index) => place.Database.RunCommandAsync<BsonDocument>(
        new BsonDocument { { "createIndexes", collection }, { "indexes", new BsonArray { BsonDocument.Parse(index) } } });

    private static async Task<IEnumerable<string>> NamesAsync(Place place, string collection) => (await place.IndexesAsync(collection)).Select(index => index["name"].AsString);
}
