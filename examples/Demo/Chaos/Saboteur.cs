using System.Collections.Concurrent;
using System.Text.Json;
using Demo.Display;
using Demo.Orders;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Demo.Chaos;

/// <summary>
/// Has the news of a cancellation get lost: the order is cancelled, its history says so, and the message never leaves, as if somebody had deleted it. The shipping service packs on, the parcel
/// leaves, and when it hears of the order the next time, a version is missing.
/// </summary>
internal sealed class Saboteur(IMongoDatabase orders, string topic, RunProgress progress)
{
    private readonly ConcurrentBag<string> _lost = [];

    public IReadOnlyCollection<string> Lost => _lost;

    public async Task LoseCancellationAsync(string orderId, OrderPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await orders.GetCollection<BsonDocument>("history").WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(
                new BsonDocument
                {
                    { "_id", new BsonDocument { { "entityType", "order" }, { "entityId", orderId }, { "version", 2L } } },
                    { "messageId", Guid.CreateVersion7().ToString() },
                    { "topic", topic },
                    { "type", "order-cancelled" },
                    { "schemaVersion", 1 },
                    { "payload", JsonSerializer.Serialize(new { orderId, plan.Item, plan.Quantity }, JsonSerializerOptions.Web) },
                    { "headers", new BsonDocument() },
                    { "timestamp", DateTime.UtcNow },
                },
                cancellationToken: cancellationToken);
            _lost.Add(orderId);
            progress.Note($"the news that order {orderId} is cancelled got lost");
        }
        catch (MongoWriteException error) when (error.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Its parcel has left already.
        }
    }
}
