using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>Counters that 0.1 wrote: one for an id, whatever its type and topic.</summary>
public sealed class EarlierCounterTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(o => o.RelayEnabled = false);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private IMongoCollection<BsonDocument> Counters => _service.Database.GetCollection<BsonDocument>("entity.versions");

    [Fact]
    public async Task G4_a_counter_goes_on_above_the_one_of_an_earlier_version()
    {
        await Counters.InsertOneAsync(new BsonDocument { { "_id", "o1" }, { "version", 7 } });

        Assert.Equal([8, 9, 10], await CountAsync("o1", 2, 1));
        Assert.Equal([1, 2], await CountAsync("o2", 1, 1));
    }

    [Fact]
    public async Task A_counter_that_cannot_go_on_says_so()
    {
        await CountAsync("o1", 1);
        await Counters.UpdateOneAsync(FilterDefinition<BsonDocument>.Empty, Builders<BsonDocument>.Update.Set("version", long.MaxValue));

        var refused = await Assert.ThrowsAsync<OutboxException>(() => CountAsync("o1", 1));

        Assert.Contains("cannot be raised", refused.Message, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<long>> CountAsync(string entity, params int[] transactions)
    {
        foreach (var count in transactions)
        {
            await _service.Outbox.ExecuteAsync((tx, _) =>
            {
                for (var n = 0; n < count; n++)
                {
                    tx.Publish(new OrderPlaced(entity, n), entity);
                }

                return Task.CompletedTask;
            });
        }

        var stored = await _service.Messages.Find(new BsonDocument("entityId", entity)).ToListAsync();
        return stored.Select(x => x["version"].ToInt64()).Order();
    }
}
