using System.Text.Json;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Servers;

namespace Outbox.Benchmarks.Consuming;

/// The least that keeps the same promise with the bare drivers: read, deserialize, and in one transaction insert the inbox records, take out what was there before, and
/// replace the views that are older; then store the offsets. The inbox has a TTL index. 16 at once, each key in one of them; of batches as many as the framework runs.
internal static class RawConsumer
{
    private const int Workers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    public static async Task<Cost> DrainAsync(BenchmarkServers servers, IMongoDatabase database, string topic, int count, int batch)
    {
        // As one that is not to grow for ever has it.
        await database.GetCollection<BsonDocument>("inbox").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("processedAt", 1), new CreateIndexOptions { ExpireAfter = TimeSpan.FromDays(7) }));
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers.Kafka,
            GroupId = topic,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false,
        }).Build();
        consumer.Subscribe(topic);
        Cost.Meter? meter = null;
        var read = 0;
        while (read < count)
        {
            var page = new List<ConsumeResult<string, byte[]>>();
            while (page.Count < Math.Max(batch * FrameworkConsumer.BatchesAtOnce, 1_000) && read + page.Count < count)
            {
                page.Add(consumer.Consume(Patience) ?? throw new TimeoutException($"Nothing was consumed for {Patience}, after {read + page.Count} of {count} messages."));
                meter ??= new Cost.Meter(servers);
            }

            await Task.WhenAll(page.GroupBy(x => (uint)x.Message.Key.GetHashCode(StringComparison.Ordinal) % (batch > 1 ? FrameworkConsumer.BatchesAtOnce : Workers))
                .Select(share => WorkAsync(database, share, batch)));
            page.ForEach(consumer.StoreOffset);
            read += page.Count;
        }

        return meter!.Stop(count);
    }

    private static async Task WorkAsync(IMongoDatabase database, IEnumerable<ConsumeResult<string, byte[]>> share, int batch)
    {
        foreach (var chunk in share.Select(x => JsonSerializer.Deserialize<RawEnvelope>(x.Message.Value, JsonSerializerOptions.Web)!).Chunk(batch))
        {
            using var session = await database.Client.StartSessionAsync();
            try
            {
                await session.WithTransactionAsync((handle, _) => WriteAsync(database, handle, chunk), Options);
            }
            catch (MongoBulkWriteException error) when (error.WriteErrors.Any(write => write.Category == ServerErrorCategory.DuplicateKey))
            {
                var ids = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(chunk.Select(Id))));
                var known = (await database.GetCollection<BsonDocument>("inbox").Find(ids).ToListAsync()).Select(x => x["_id"].AsBsonDocument).ToHashSet();
                var fresh = chunk.Where(message => known.Add(Id(message))).ToArray();
                await session.WithTransactionAsync((handle, _) => WriteAsync(database, handle, fresh), Options);
            }
        }
    }

    private static async Task<bool> WriteAsync(IMongoDatabase database, IClientSessionHandle session, RawEnvelope[] messages)
    {
        if (messages.Length == 0)
        {
            return true;
        }

        await database.GetCollection<BsonDocument>("inbox").InsertManyAsync(session, messages.Select(message => new BsonDocument
        {
            { "_id", Id(message) },
            { "entityId", message.EntityId },
            { "version", message.Version },
            { "type", message.Type },
            { "outcome", "processed" },
            { "processedAt", DateTime.UtcNow },
        }));
        await database.GetCollection<BsonDocument>("views").BulkWriteAsync(session, messages.Select(View));
        return true;
    }

    private static BsonDocument Id(RawEnvelope message) => new() { { "endpoint", "raw" }, { "messageId", message.MessageId } };

    private static WriteModel<BsonDocument> View(RawEnvelope message)
    {
        var state = new BsonDocument
        {
            { "_id", message.EntityId },
            { "note", message.Payload.Note },
            { "version", message.Version },
            { "lastMessageId", message.MessageId },
            { "lastUpdated", message.Timestamp.UtcDateTime },
        };
        var isNewer = new BsonDocument("$lt", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$version", 0L }), message.Version });
        var choice = new BsonDocument("$cond", new BsonArray { isNewer, new BsonDocument("$literal", state), "$$ROOT" });
        return new UpdateOneModel<BsonDocument>(
            new BsonDocument("_id", state["_id"]), Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", choice) }))
        { IsUpsert = true };
    }
}
