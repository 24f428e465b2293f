using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Several classes in one collection: what a change inserts, the driver must be able to read as what it is.</summary>
[Trait("Broker", "none")]
public sealed class HierarchyTests : IAsyncLifetime
{
    private IMongoDatabase _database = null!;

    static HierarchyTests() => BsonClassMap.RegisterClassMap<Vehicle>(map =>
    {
        map.AutoMap();
        map.SetIsRootClass(true);
        map.AddKnownType(typeof(Car));
    });

    public async ValueTask InitializeAsync()
    {
        _database = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString).GetDatabase($"t{Guid.NewGuid():N}");
        await _database.CreateCollectionAsync("all");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_update_that_inserts_is_read_as_its_class_in_a_hierarchy(bool pipeline) => IsReadAsync<Pet, Dog>(_database.GetCollection<Dog>("all"), pipeline);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_update_that_inserts_is_read_as_its_class_with_a_registered_class_map(bool pipeline) => IsReadAsync<Vehicle, Car>(_database.GetCollection<Car>("all"), pipeline);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_update_that_inserts_is_read_as_its_class_with_a_required_discriminator(bool pipeline) => IsReadAsync<Shape, Circle>(_database.GetCollection<Circle>("all"), pipeline);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_update_that_inserts_through_OfType_is_read_as_its_class(bool pipeline) =>
        IsReadAsync<Payment, CardPayment>(_database.GetCollection<Payment>("all").OfType<CardPayment>(), pipeline);

    [Fact]
    public async Task A_whole_state_through_OfType_is_read_as_its_class()
    {
        var payments = _database.GetCollection<Payment>("all");
        Assert.Equal(ApplyOutcome.Applied, await payments.OfType<CardPayment>().ApplyAsync(null, Stamp(1), new CardPayment { Id = "e" }));
        Assert.IsType<CardPayment>(await payments.Find(x => x.Id == "e").SingleAsync());
    }

    [Fact]
    public async Task An_update_that_inserts_the_root_class_itself_is_read_as_that()
    {
        Assert.Equal(ApplyOutcome.Applied, await _database.GetCollection<Vehicle>("all").ApplyAsync(null, Stamp(1), Builders<Vehicle>.Update.Set(x => x.Note, "n")));
        Assert.Equal("Vehicle", (await StoredAsync())["_t"]);
        Assert.IsType<Vehicle>(await _database.GetCollection<Vehicle>("all").Find(x => x.Id == "e").SingleAsync());
    }

    [Fact]
    public async Task An_update_of_an_abstract_class_changes_what_is_there_and_inserts_nothing()
    {
        var pets = _database.GetCollection<Pet>("all");
        var error = await Assert.ThrowsAsync<OutboxException>(() => pets.ApplyAsync(null, Stamp(1), Builders<Pet>.Update.Set(x => x.Note, "n")));
        Assert.Contains("Pet is abstract", error.Message, StringComparison.Ordinal);

        await pets.ApplyAsync(null, Stamp(1), new Dog { Id = "e" });
        Assert.Equal(ApplyOutcome.Applied, await pets.ApplyAsync(null, Stamp(2), Builders<Pet>.Update.Set(x => x.Note, "n")));
        Assert.Equal("n", Assert.IsType<Dog>(await pets.Find(x => x.Id == "e").SingleAsync()).Note);
    }

    [Fact]
    public async Task An_update_that_sets_the_discriminator_itself_is_left_alone()
    {
        Assert.Equal(ApplyOutcome.Applied, await _database.GetCollection<Dog>("all").ApplyAsync(null, Stamp(1), Builders<Dog>.Update.Set("_t", new BsonArray { "Pet", "Cat" })));
        Assert.IsType<Cat>(await _database.GetCollection<Pet>("all").Find(x => x.Id == "e").SingleAsync());
    }

    [Fact]
    public async Task A_class_without_others_beside_it_gets_no_discriminator()
    {
        await _database.GetCollection<Account>("all").ApplyAsync(null, Stamp(1), Builders<Account>.Update.Set(x => x.Note, "n"));
        Assert.False((await StoredAsync()).Contains("_t"));
    }

    /// <summary>Inserted by an update it is what the driver's own insert would have made of it; deleted and inserted again too.</summary>
    private async Task IsReadAsync<TRoot, T>(IMongoCollection<T> collection, bool pipeline)
        where TRoot : Animate
        where T : TRoot
    {
        var update = pipeline
            ? Builders<T>.Update.Pipeline(new BsonDocument[] { new("$set", new BsonDocument("Note", "n")) })
            : Builders<T>.Update.Set(x => x.Note, "n").SetOnInsert("since", 1).Unset("since2");
        Assert.Equal(ApplyOutcome.Applied, await collection.ApplyAsync(null, Stamp(1), update));
        Assert.Equal(ApplyOutcome.Applied, await collection.ApplyAsync(null, Stamp(2), update));

        var read = Assert.IsType<T>(await _database.GetCollection<TRoot>("all").Find(x => x.Id == "e").SingleAsync());
        Assert.Equal(("n", 2), (read.Note, read.Version));
        Assert.Single(await _database.GetCollection<TRoot>("all").OfType<T>().Find(FilterDefinition<T>.Empty).ToListAsync());
    }

    private Task<BsonDocument> StoredAsync() => _database.GetCollection<BsonDocument>("all").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync();

    private static MessageStamp Stamp(long version) => new($"m{version}", "e", version, DateTimeOffset.UnixEpoch.AddMinutes(version), MessageOrdering.NewestVersion);

    [BsonIgnoreExtraElements(Inherited = true)]
    private abstract class Animate : IVersioned
    {
        public string Id { get; set; } = null!;

        public string? Note { get; set; }

        public long Version { get; set; }

        public string? LastMessageId { get; set; }

        public DateTime? LastUpdated { get; set; }
    }

    [BsonDiscriminator(RootClass = true)]
    [BsonKnownTypes(typeof(Dog), typeof(Cat))]
    private abstract class Pet : Animate;

    private sealed class Dog : Pet;

    private sealed class Cat : Pet;

    private class Vehicle : Animate;

    private sealed class Car : Vehicle;

    [BsonDiscriminator(Required = true)]
    [BsonKnownTypes(typeof(Circle))]
    private abstract class Shape : Animate;

    [BsonDiscriminator("circle", Required = true)]
    private sealed class Circle : Shape;

    [BsonKnownTypes(typeof(CardPayment))]
    private class Payment : Animate;

    private sealed class CardPayment : Payment;
}
