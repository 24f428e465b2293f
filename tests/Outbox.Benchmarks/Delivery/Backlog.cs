using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Messages;
using Outbox.MongoDb.Capture;

namespace Outbox.Benchmarks.Delivery;

/// Messages of 200 to 400 bytes over 1,000 entities, each entity's versions in ascending order.
internal static class Backlog
{
    private const int Entities = 1_000;
    private const int Lanes = 8;

    public static async Task FillAsync(IMongoDatabase database, string topic, int count)
    {
        OutboxMessageSerializer.Register();
        var outbox = database.GetCollection<OutboxMessage>("outbox");
        var random = new Random(20260101);
        var order = new CreateIndexModel<OutboxMessage>(new BsonDocument { { "lane", 1 }, { "entityId", 1 }, { "version", 1 }, { "ordinal", 1 } }, new CreateIndexOptions { Name = "relay" });
        await outbox.Indexes.CreateOneAsync(order);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(5_000))
        {
            await outbox.InsertManyAsync(chunk.Select(n => Message(n, topic, random)));
        }
    }

    private static OutboxMessage Message(int n, string topic, Random random)
    {
        var entity = $"order-{n % Entities:0000}";
        return new OutboxMessage
        {
            MessageId = Guid.CreateVersion7().ToString(),
            Lane = Lane.Of(entity, Lanes),
            Topic = topic,
            EntityType = "order",
            EntityId = entity,
            Version = (n / Entities) + 1,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = "order-changed",
            Payload = $$"""{"orderId":"{{entity}}","note":"{{new string('x', random.Next(150, 350))}}"}""",
            Timestamp = DateTimeOffset.UnixEpoch.AddMilliseconds(n),
        };
    }
}
