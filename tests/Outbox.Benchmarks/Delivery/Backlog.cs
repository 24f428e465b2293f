using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Messages;
using Outbox.MongoDb.Documents;

namespace Outbox.Benchmarks.Delivery;

/// Messages of 200 to 400 bytes over 1,000 entities, each entity's versions in ascending order.
internal static class Backlog
{
    private const int Entities = 1_000;
    private const int Lanes = 8;

    /// One message with the headers that a captured one has.
    public static OutboxMessage Sample => Message(1, "orders", new Random(20260101)) with
    {
        Headers = new Dictionary<string, string>
        {
            [MessageHeaders.CorrelationId] = Guid.CreateVersion7().ToString(),
            [MessageHeaders.TraceParent] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
    };

    public static async Task FillAsync(IMongoDatabase database, string topic, int count, MessageFormat format = MessageFormat.Envelope)
    {
        OutboxMessageSerializer.Register();
        var outbox = database.GetCollection<OutboxMessage>("outbox");
        var random = new Random(20260101);
        var order = new CreateIndexModel<OutboxMessage>(new BsonDocument { { "lane", 1 }, { "entityId", 1 }, { "version", 1 }, { "ordinal", 1 } }, new CreateIndexOptions { Name = "relay" });
        await outbox.Indexes.CreateOneAsync(order);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(5_000))
        {
            await outbox.InsertManyAsync(chunk.Select(n => Message(n, topic, random) with { Format = format }));
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
