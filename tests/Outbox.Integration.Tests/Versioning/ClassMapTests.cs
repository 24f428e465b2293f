using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Classes name their fields as they like; the driver's default is PascalCase.</summary>
[Trait("Broker", "none")]
public sealed class ClassMapTests : IAsyncLifetime
{
    private IMongoDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString).GetDatabase($"t{Guid.NewGuid():N}");
        await _database.CreateCollectionAsync("views");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(MessageOrdering.NewestVersion)]
    [InlineData(MessageOrdering.NewestTimestamp)]
    [InlineData(MessageOrdering.Partition)]
    public Task G7_the_drivers_default_names_work_without_any_convention(MessageOrdering ordering) =>
        EveryChangeAsync(() => new Plain { Id = "v-1" }, ["Id", "LastMessageId", "LastUpdated", "Note", "Version"], ordering);

    [Theory]
    [InlineData(MessageOrdering.NewestVersion)]
    [InlineData(MessageOrdering.NewestTimestamp)]
    public Task G7_names_of_ones_own_work(MessageOrdering ordering) =>
        EveryChangeAsync(() => new Renamed { Id = "v-1" }, ["Id", "at", "by", "Note", "v"], ordering);

    [Fact]
    public Task G7_a_member_of_another_name_may_stand_for_the_version() =>
        EveryChangeAsync(() => new Explicit { Id = "v-1" }, ["Id", "LastMessageId", "LastUpdated", "Note", "version"], MessageOrdering.NewestVersion);

    [Fact]
    public async Task A_class_that_does_not_store_its_version_is_refused_at_its_first_use()
    {
        var views = _database.GetCollection<Forgetful>("views");
        var error = await Assert.ThrowsAsync<OutboxException>(() => views.ApplyAsync(null, Stamp(1), new Forgetful { Id = "v-1" }));
        Assert.Contains("Forgetful does not keep its Version as a number", error.Message, StringComparison.Ordinal);

        var texts = _database.GetCollection<InText>("views");
        error = await Assert.ThrowsAsync<OutboxException>(() => texts.ApplyAsync(null, Stamp(1), new InText { Id = "v-1" }));
        Assert.Contains("InText does not keep its Version as a number", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is done in which order, the document has each field once, and the class reads it.</summary>
    private async Task EveryChangeAsync<T>(Func<T> state, string[] names, MessageOrdering ordering)
        where T : class, IVersioned
    {
        var views = _database.GetCollection<T>("views");
        var note = Builders<T>.Update.Set("Note", "changed");
        Assert.Equal(ApplyOutcome.Applied, await views.ApplyAsync(null, Stamp(2, ordering), note));
        Assert.Equal(ApplyOutcome.Duplicate, await views.ApplyAsync(null, Stamp(2, ordering), note));
        if (ordering != MessageOrdering.Partition)
        {
            Assert.Equal(ApplyOutcome.Stale, await views.ApplyAsync(null, Stamp(1, ordering), state()));
        }

        Assert.Equal(ApplyOutcome.Applied, await views.ApplyAsync(null, Stamp(4, ordering), state()));
        Assert.Equal(ApplyOutcome.Duplicate, await views.ApplyAsync(null, Stamp(4, ordering), note));
        Assert.Equal(ApplyOutcome.Applied, await views.ApplyAsync(null, Stamp(5, ordering), Builders<T>.Update.Pipeline(new BsonDocument[] { new("$set", new BsonDocument("Note", "piped")) })));

        var stored = await _database.GetCollection<BsonDocument>("views").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), stored.Names.Select(name => name == "_id" ? "Id" : name).Order(StringComparer.Ordinal));
        var read = await views.Find(FilterDefinition<T>.Empty).SingleAsync();
        Assert.Equal((5, "m5", Stamp(5).Timestamp.UtcDateTime), (read.Version, read.LastMessageId, read.LastUpdated));

        Assert.Equal(ApplyOutcome.Applied, await views.ApplyDeleteAsync(null, Stamp(6, ordering)));
        Assert.Equal(ApplyOutcome.Stale, await views.ApplyAsync(null, Stamp(7, ordering), note));
        Assert.Equal(ApplyOutcome.Applied, await views.ApplyInsertAsync(null, Stamp(8, ordering), state()));
    }

    private static MessageStamp Stamp(long version, MessageOrdering ordering = MessageOrdering.NewestVersion) =>
        new($"m{version}", "v-1", version, DateTimeOffset.UnixEpoch.AddMinutes(version), ordering);

    private abstract class Named
    {
        public required string Id { get; init; }

        public string? Note { get; set; }
    }

    private sealed class Plain : Named, IVersioned
    {
        public long Version { get; set; }

        public string? LastMessageId { get; set; }

        public DateTime? LastUpdated { get; set; }
    }

    private sealed class Renamed : Named, IVersioned
    {
        [BsonElement("v")]
        public long Version { get; set; }

        [BsonElement("by")]
        public string? LastMessageId { get; set; }

        [BsonElement("at")]
        public DateTime? LastUpdated { get; set; }
    }

    private sealed class Explicit : Named, IVersioned
    {
        [BsonElement("version")]
        public long Revision { get; set; }

        public string? LastMessageId { get; set; }

        public DateTime? LastUpdated { get; set; }

        long IVersioned.Version
        {
            get => Revision;
            set => Revision = value;
        }
    }

    private sealed class Forgetful : Named, IVersioned
    {
        [BsonIgnore]
        public long Version { get; set; }

        public string? LastMessageId { get; set; }

        public DateTime? LastUpdated { get; set; }
    }

    private sealed class InText : Named, IVersioned
    {
        [BsonRepresentation(BsonType.String)]
        public long Version { get; set; }

        public string? LastMessageId { get; set; }

        public DateTime? LastUpdated { get; set; }
    }
}
