using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>Aggregates that are stored as documents, as the driver's own class maps make them, and publish what they raise.</summary>
public sealed class RaisedTests : IAsyncLifetime
{
    private TestService _service = null!;

    private IMongoCollection<Basket> Baskets => _service.Database.GetCollection<Basket>("baskets");

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await _service.Database.CreateCollectionIfMissingAsync("baskets");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task G1_what_is_raised_is_published_with_the_versions_of_the_state_that_is_stored_with_it()
    {
        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            var basket = Basket.Start("b1");
            basket.Fill(3);
            tx.PublishRaised(basket);
            await Baskets.InsertOneAsync(tx.Session, basket, cancellationToken: ct);
        });
        await FillAsync(4);
        await FillAsync(5);

        var stored = await Baskets.Find(basket => basket.Id == "b1").SingleAsync();
        Assert.Equal((12, 4L, 0), (stored.Amount, stored.Version, stored.Raised.Count));
        Assert.Equal(["_id", "Amount", "Version"], (await _service.Database.GetCollection<BsonDocument>("baskets").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync()).Names.Order(StringComparer.Ordinal).OrderBy(name => name != "_id"));
        var published = await _service.Messages.Find(FilterDefinition<BsonDocument>.Empty).Sort(new BsonDocument("version", 1)).ToListAsync();
        Assert.Equal([("order-placed", 1L), ("order-placed", 2L), ("order-placed", 3L), ("order-placed", 4L)], published.Select(x => (x["type"].AsString, x["version"].ToInt64())));
        Assert.DoesNotContain("history", await (await _service.Database.ListCollectionNamesAsync()).ToListAsync());
    }

    [Fact]
    public async Task G1_what_was_raised_in_a_transaction_that_failed_is_published_by_the_next()
    {
        var basket = Basket.Start("b1");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.PublishRaised(basket);
            throw new InvalidTimeZoneException();
        }));

        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            tx.PublishRaised(basket);
            await Baskets.InsertOneAsync(tx.Session, basket, cancellationToken: ct);
        });

        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
        Assert.Equal(1, (await Baskets.Find(found => found.Id == "b1").SingleAsync()).Version);
    }

    private Task FillAsync(int amount) => _service.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        var basket = await Baskets.Find(tx.Session, found => found.Id == "b1").SingleAsync(ct);
        var before = basket.Version;
        basket.Fill(amount);
        tx.PublishRaised(basket);
        var replaced = await Baskets.ReplaceOneAsync(tx.Session, found => found.Id == "b1" && found.Version == before, basket, cancellationToken: ct);
        Assert.Equal(1, replaced.MatchedCount);
    });

    public sealed class Basket : Aggregate
    {
        public int Amount { get; private set; }

        public static Basket Start(string id)
        {
            var basket = new Basket { Id = id };
            basket.Raise(new OrderPlaced(id, 0));
            return basket;
        }

        public void Fill(int amount) => Raise(new OrderPlaced(Id, amount));

        protected override void When(object @event) => Amount += ((OrderPlaced)@event).Amount;
    }
}
