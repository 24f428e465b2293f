using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Health;

namespace Outbox.Integration.Tests.Installation;

/// <summary>A database may hold collections of other people with our names.</summary>
[Trait("Broker", "none")]
public sealed class CollectionTests
{
    private static readonly string[] Names =
    [
        "entity.versions", "history.requests", "inbox", "inbox.discarded", "inbox.endpoints", "inbox.parked", "inbox.replays", "inbox.sequences", "outbox",
        "outbox.audit", "outbox.discarded", "outbox.instances", "outbox.leases", "outbox.operations", "outbox.parked", "outbox.pauses", "outbox.relays", "outbox.sent", "outbox.topics", "replay.snapshots",
    ];

    public static TheoryData<string> Collections => [.. Names];

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Somebody_elses_collection_is_refused_and_nothing_is_changed_in_it(string name)
    {
        await using var place = await Place.SharedAsync();
        var foreign = place.Database.GetCollection<BsonDocument>(name);
        await foreign.InsertOneAsync(new BsonDocument { { "subject", "Hello" }, { "processedAt", new BsonDateTime(0) } });

        var error = await place.RefusedAsync(("KeepSentFor", "1.00:00:00"));

        Assert.Contains($"The collection '{name}' of database", error.Message, StringComparison.Ordinal);
        Assert.Contains("_id, subject, processedAt", error.Message, StringComparison.Ordinal);
        Assert.Contains("Outbox:MongoDb:CollectionPrefix", error.Message, StringComparison.Ordinal);
        Assert.Single(await place.IndexesAsync(name));
        Assert.Equal([name], await place.CollectionsAsync());
        Assert.Equal(1, await foreign.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task Somebody_elses_document_among_ours_is_found_also_by_an_inbox_that_has_its_index()
    {
        await using var place = await Place.SharedAsync();
        await place.InstallAsync();
        await place.Database.GetCollection<BsonDocument>("inbox").InsertOneAsync(new BsonDocument("subject", "Hello"));

        Assert.Contains("The collection 'inbox'", (await place.RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_prefix_all_collections_are_apart_and_messages_are_found_there()
    {
        await using var place = await Place.SharedAsync();
        await place.Database.GetCollection<BsonDocument>("inbox").InsertOneAsync(new BsonDocument("subject", "Hello"));
        var services = place.Services(settings: ("MongoDb:CollectionPrefix", "messaging."));

        await Place.PublishAsync(services, "o1");

        Assert.Equal(["inbox", .. Names.Select(name => "messaging." + name)], (await place.CollectionsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal("o1", (await place.Database.GetCollection<BsonDocument>("messaging.outbox").Find(new BsonDocument()).SingleAsync())["entityId"]);
        Assert.Equal(1, (await services.GetRequiredService<IOutboxBacklog>().ReadAsync(CancellationToken.None)).Pending);
    }

    [Fact]
    public async Task A_document_in_the_outbox_that_is_no_message_does_not_stop_a_later_start()
    {
        await using var place = await Place.SharedAsync();
        await place.InstallAsync();
        await place.Database.GetCollection<BsonDocument>("outbox").InsertOneAsync(new BsonDocument("lane", 0));

        await place.InstallAsync();
    }
}
