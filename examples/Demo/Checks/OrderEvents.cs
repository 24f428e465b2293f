using MongoDB.Bson;
using MongoDB.Driver;

namespace Demo.Checks;

/// <summary>Reads the orders, which are stored as nothing but what happened to them.</summary>
internal sealed class OrderEvents(IMongoDatabase orders)
{
    private static readonly Dictionary<string, string> Statuses = new() { ["order-placed"] = "PLACED", ["order-cancelled"] = "CANCELLED", ["order-shipped"] = "SHIPPED" };

    public async Task<List<EntityState>> ReadAsync(CancellationToken cancellationToken)
    {
        var keys = (await ReadAsync("orderKeys", cancellationToken)).ToDictionary(key => key["orderId"].AsString, key => key["_id"].AsString);
        var events = await ReadAsync("history", cancellationToken);
        return [.. events.OrderBy(x => x["_id"]["version"].ToInt64()).GroupBy(x => x["_id"]["entityId"].AsString).Select(order =>
        {
            var steps = order.Select(x => (Statuses[x["type"].AsString], x["_id"]["version"].ToInt64())).ToList();
            return new EntityState(order.Key, steps[^1].Item1, steps[^1].Item2, keys.GetValueOrDefault(order.Key), steps);
        })];
    }

    /// <summary>How many orders are in which status.</summary>
    public async Task<OrderCounts> CountAsync(CancellationToken cancellationToken)
    {
        var last = await orders.GetCollection<BsonDocument>("history").Aggregate<BsonDocument>(
            new BsonDocument[]
            {
                new("$sort", new BsonDocument("_id", 1)),
                new("$group", new BsonDocument { { "_id", "$_id.entityId" }, { "type", new BsonDocument("$last", "$type") } }),
                new("$group", new BsonDocument { { "_id", "$type" }, { "count", new BsonDocument("$sum", 1) } }),
            },
            cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        var counts = last.ToDictionary(x => Statuses[x["_id"].AsString], x => x["count"].ToInt64());
        return new OrderCounts(counts.GetValueOrDefault("PLACED"), counts.GetValueOrDefault("SHIPPED"), counts.GetValueOrDefault("CANCELLED"));
    }

    private Task<List<BsonDocument>> ReadAsync(string collection, CancellationToken cancellationToken) =>
        orders.GetCollection<BsonDocument>(collection).Find(new BsonDocument()).ToListAsync(cancellationToken);
}
