using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Messages name an entity by text; its document's <c>_id</c> may be something else.</summary>
public sealed class EntityIdTests : IAsyncLifetime
{
    private IMongoDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString).GetDatabase($"t{Guid.NewGuid():N}");
        await _database.CreateCollectionAsync("entities");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public Task G7_an_entity_with_a_string_id_has_one_document() => HasOneAsync(new WithString { Id = "a-1" }, "a-1", "a-1");

    [Fact]
    public Task G7_an_entity_with_an_ObjectId_has_one_document()
    {
        var id = ObjectId.GenerateNewId();
        return HasOneAsync(new WithObjectId { Id = id }, id.ToString(), id);
    }

    [Fact]
    public Task G7_an_entity_whose_text_is_stored_as_an_ObjectId_has_one_document()
    {
        var id = ObjectId.GenerateNewId();
        return HasOneAsync(new WithObjectIdText { Id = id.ToString() }, id.ToString(), id);
    }

    [Fact]
    public Task G7_an_entity_with_a_Guid_has_one_document()
    {
        var id = Guid.NewGuid();
        return HasOneAsync(new WithGuid { Id = id }, id.ToString(), new BsonBinaryData(id, GuidRepresentation.Standard));
    }

    [Fact]
    public Task G7_an_entity_with_a_Guid_stored_as_text_has_one_document()
    {
        var id = Guid.NewGuid();
        return HasOneAsync(new WithGuidText { Id = id }, id.ToString(), id.ToString());
    }

    [Fact]
    public Task G7_an_entity_with_a_long_has_one_document() => HasOneAsync(new WithLong { Id = 5_000_000_000 }, "5000000000", 5_000_000_000);

    [Fact]
    public Task G7_an_entity_with_an_int_has_one_document() => HasOneAsync(new WithInt { Id = -7 }, "-7", -7);

    [Fact]
    public async Task An_entity_id_of_another_form_than_the_documents_is_refused()
    {
        var error = await Assert.ThrowsAsync<OutboxException>(() => Of<WithGuid>().ApplyDeleteAsync(null, Stamp("order-1", 1)));
        Assert.Contains("'order-1' is no Guid, which WithGuid.Id is", error.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<OutboxException>(() => Of<WithPair>().ApplyDeleteAsync(null, Stamp("order-1", 1)));
        Assert.Contains("WithPair.Id is a Pair", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whole state, piece, delete, and a late change: all of them meet the same document, in either order.</summary>
    private async Task HasOneAsync<T>(T state, string entityId, BsonValue stored)
        where T : class, IVersioned
    {
        var entities = Of<T>();
        Assert.Equal(ApplyOutcome.Applied, await entities.ApplyAsync(null, Stamp(entityId, 1), state));
        Assert.Equal(ApplyOutcome.Applied, await entities.ApplyAsync(null, Stamp(entityId, 2), Builders<T>.Update.Set("note", "changed")));
        Assert.Equal(ApplyOutcome.Stale, await entities.ApplyAsync(null, Stamp(entityId, 1), Builders<T>.Update.Set("note", "late")));
        Assert.Equal(ApplyOutcome.Applied, await entities.ApplyDeleteAsync(null, Stamp(entityId, 3)));
        Assert.Equal(ApplyOutcome.Stale, await entities.ApplyAsync(null, Stamp(entityId, 2), state));
        Assert.Equal((stored, true), await OnlyAsync());

        await _database.GetCollection<BsonDocument>("entities").DeleteManyAsync(FilterDefinition<BsonDocument>.Empty);
        Assert.Equal(ApplyOutcome.Applied, await entities.ApplyAsync(null, Stamp(entityId, 4), Builders<T>.Update.Set("note", "first")));
        Assert.Equal(ApplyOutcome.Applied, await entities.ApplyAsync(null, Stamp(entityId, 5), state));
        Assert.Equal((stored, false), await OnlyAsync());
    }

    private async Task<(BsonValue Id, bool Deleted)> OnlyAsync()
    {
        var only = await _database.GetCollection<BsonDocument>("entities").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();
        return (only["_id"], only.GetValue("deleted", false).AsBoolean);
    }

    private IMongoCollection<T> Of<T>() => _database.GetCollection<T>("entities");

    private static MessageStamp Stamp(string entityId, long version) => new($"m{version}", entityId, version, DateTimeOffset.UnixEpoch.AddMinutes(version), MessageOrdering.NewestVersion);

    private abstract class Entity : IVersioned
    {
        [BsonElement("version")]
        public long Version { get; set; }

        [BsonElement("lastMessageId")]
        public string? LastMessageId { get; set; }

        [BsonElement("lastUpdated")]
        public DateTime? LastUpdated { get; set; }

        [BsonElement("note")]
        public string? Note { get; set; }
    }

    private sealed class WithString : Entity
    {
        public required string Id { get; set; }
    }

    private sealed class WithObjectId : Entity
    {
        public ObjectId Id { get; set; }
    }

    private sealed class WithObjectIdText : Entity
    {
        [BsonRepresentation(BsonType.ObjectId)]
        public required string Id { get; set; }
    }

    private sealed class WithGuid : Entity
    {
        [BsonGuidRepresentation(GuidRepresentation.Standard)]
        public Guid Id { get; set; }
    }

    private sealed class WithGuidText : Entity
    {
        [BsonRepresentation(BsonType.String)]
        public Guid Id { get; set; }
    }

    private sealed class WithLong : Entity
    {
        public long Id { get; set; }
    }

    private sealed class WithInt : Entity
    {
        public int Id { get; set; }
    }

    private sealed class WithPair : Entity
    {
        public required Pair Id { get; set; }
    }

    private sealed record Pair(string A, string B);
}
