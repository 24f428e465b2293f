using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Bson.Serialization.IdGenerators;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Messages name an entity by text; its document's <c>_id</c> may be something else.</summary>
[Trait("Broker", "none")]
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

    [Fact]
    public Task G7_an_entity_with_an_id_of_ones_own_that_is_parsable_has_one_document() => HasOneAsync(new WithOwn { Id = new Number(7) }, "7", 7);

    [Fact]
    public async Task G7_a_state_without_its_id_is_refused_and_overwrites_nothing()
    {
        await RefusesAsync(new WithString { Id = null! }, "o-1", "null", "'o-1'");
        await RefusesAsync(new WithString { Id = "" }, "o-1", "''", "'o-1'");
        await RefusesAsync(new WithObjectId(), "652f1f77bcf86cd799439011", ObjectId.Empty.ToString(), "'652f1f77bcf86cd799439011'");
        await RefusesAsync(new WithObjectIdText { Id = null! }, "652f1f77bcf86cd799439011", "null", "'652f1f77bcf86cd799439011'");
        await RefusesAsync(new WithGuid(), "0f8fad5b-d9cb-469f-a165-70867728950e", "has no id", "'0f8fad5b-d9cb-469f-a165-70867728950e'");
        await RefusesAsync(new WithGuidText(), "0f8fad5b-d9cb-469f-a165-70867728950e", "'00000000-0000-0000-0000-000000000000'", "'0f8fad5b-d9cb-469f-a165-70867728950e'");
        await RefusesAsync(new WithLong(), "7", "0", "'7'");
        await RefusesAsync(new WithInt(), "0", "0", "'0'");
        await RefusesAsync(new WithPair { Id = null! }, "a/b", "null", "'a/b'");
        await RefusesAsync(new WithPair { Id = new Pair(null!, "") }, "a/b", "has no id", "'a/b'");
        await RefusesAsync(new WithGenerated(), "o-1", "null", "'o-1'");
        await RefusesAsync(new WithoutId(), "o-1", "null", "'o-1'");
    }

    [Fact]
    public async Task G7_a_state_of_another_entity_than_its_message_is_refused_and_names_both()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        await RefusesAsync(new WithString { Id = "o-1" }, "o-2", "'o-1'", "'o-2'");
        await RefusesAsync(new WithLong { Id = 1 }, "2", "_id 1", "'2'");
        await RefusesAsync(new WithInt { Id = 1 }, "order-1", "_id 1", "'order-1'");
        await RefusesAsync(new WithGuidText { Id = one }, other.ToString(), one.ToString(), $"'{other}'");
        await RefusesAsync(new WithGuid { Id = one }, other.ToString(), "_id", $"'{other}'");
        await RefusesAsync(new WithOwn { Id = new Number(7) }, "8", "_id 7", "'8'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task G7_updates_and_deletes_of_no_entity_are_refused(string entityId)
    {
        await Assert.ThrowsAsync<OutboxException>(() => Of<WithGuid>().ApplyDeleteAsync(null, Stamp(entityId, 1)));
        await Assert.ThrowsAsync<OutboxException>(() => Of<WithGuidText>().ApplyAsync(null, Stamp(entityId, 1), Builders<WithGuidText>.Update.Set("note", "n")));
        await Assert.ThrowsAsync<OutboxException>(() => Of<WithString>().ApplyDeleteAsync(null, Stamp("", 1)));
        await Assert.ThrowsAsync<OutboxException>(() => Of<WithLong>().ApplyDeleteAsync(null, Stamp("0", 1)));
        Assert.Equal(0, await _database.GetCollection<BsonDocument>("entities").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task Composite_ids_are_the_documents_own()
    {
        var pairs = Of<WithPair>();
        Assert.Equal(ApplyOutcome.Applied, await pairs.ApplyAsync(null, Stamp("a/b", 1), new WithPair { Id = new Pair("a", "b") }));
        Assert.Equal(ApplyOutcome.Applied, await pairs.ApplyAsync(null, Stamp("a/c", 1), new WithPair { Id = new Pair("a", "c") }));
        Assert.Equal(ApplyOutcome.Stale, await pairs.ApplyAsync(null, Stamp("a/b", 1) with { MessageId = "another" }, new WithPair { Id = new Pair("a", "b") }));
    }

    /// <summary>Each way in which a whole state is written.</summary>
    private async Task RefusesAsync<T>(T state, string entityId, params string[] named)
        where T : class, IVersioned
    {
        using var session = await _database.Client.StartSessionAsync();
        var errors = new[]
        {
            await Assert.ThrowsAsync<OutboxException>(() => Of<T>().ApplyAsync(null, Stamp(entityId, 1), state)),
            await Assert.ThrowsAsync<OutboxException>(() => Of<T>().ApplyInsertAsync(null, Stamp(entityId, 1), state)),
            await Assert.ThrowsAsync<OutboxException>(() => Of<T>().ApplyManyAsync(session, [(Stamp(entityId, 1), state)])),
        };
        Assert.All(errors, error => Assert.All(named, name => Assert.Contains(name, error.Message, StringComparison.Ordinal)));
        Assert.Equal(0, await _database.GetCollection<BsonDocument>("entities").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
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

    /// <summary>The driver's own inserts would give it an id.</summary>
    private sealed class WithGenerated : Entity
    {
        [BsonId(IdGenerator = typeof(StringObjectIdGenerator))]
        public string? Id { get; set; }
    }

    private sealed class WithoutId : Entity;

    private sealed class WithOwn : Entity
    {
        [BsonSerializer(typeof(NumberSerializer))]
        public Number Id { get; set; }
    }

    private readonly record struct Number(int Value) : IParsable<Number>
    {
        public static Number Parse(string s, IFormatProvider? provider) => new(int.Parse(s, provider));

        public static bool TryParse(string? s, IFormatProvider? provider, out Number result)
        {
            var isNumber = int.TryParse(s, provider, out var value);
            result = new Number(value);
            return isNumber;
        }
    }

    private sealed class NumberSerializer : StructSerializerBase<Number>
    {
        public override Number Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) => new(context.Reader.ReadInt32());

        public override void Serialize(BsonSerializationContext context, BsonSerializationArgs args, Number value) => context.Writer.WriteInt32(value.Value);
    }
}
