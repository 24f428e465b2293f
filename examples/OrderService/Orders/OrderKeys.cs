using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace OrderService.Orders;

/// <summary>Which order a client's idempotency key stands for. The key is the document's id, so a second order of it is impossible.</summary>
internal sealed class OrderKeys(IMongoDatabase database)
{
    private readonly IMongoCollection<OrderKey> _keys = database.GetCollection<OrderKey>("orderKeys");

    public Task InsertAsync(IClientSessionHandle session, string key, string orderId, CancellationToken cancellationToken) =>
        _keys.InsertOneAsync(session, new OrderKey(key, orderId), cancellationToken: cancellationToken);

    public async Task<string> OrderOfAsync(string key, CancellationToken cancellationToken) =>
        (await _keys.WithReadConcern(ReadConcern.Majority).Find(found => found.Key == key).SingleAsync(cancellationToken)).OrderId;

    private sealed record OrderKey([property: BsonId] string Key, string OrderId);
}
