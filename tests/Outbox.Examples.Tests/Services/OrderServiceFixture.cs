using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Examples.Tests.Services;

public sealed class OrderServiceFixture() : ServiceFixture("OrderService")
{
    private IMongoCollection<BsonDocument> History => Database.GetCollection<BsonDocument>("history").WithWriteConcern(WriteConcern.WMajority);

    /// <summary>Puts an event into an order's history, as if it had been published long ago.</summary>
    public Task HappenedAsync(string orderId, long version, string type) => History.InsertOneAsync(new BsonDocument
    {
        { "_id", new BsonDocument { { "entityType", "order" }, { "entityId", orderId }, { "version", version } } },
        { "messageId", $"{orderId}-{version}" },
        { "topic", "orders" },
        { "type", type },
        { "schemaVersion", 1 },
        { "payload", $$"""{"orderId":"{{orderId}}","item":"bread","quantity":1}""" },
        { "headers", new BsonDocument() },
        { "timestamp", DateTime.UnixEpoch },
    });

    /// <summary>What has happened to an order.</summary>
    public async Task<List<string>> HistoryAsync(string orderId)
    {
        var events = await History.Find(new BsonDocument("_id.entityId", orderId)).ToListAsync();
        return [.. events.OrderBy(x => x["_id"]["version"].ToInt64()).Select(x => $"{x["type"]} v{x["_id"]["version"]}")];
    }
}
