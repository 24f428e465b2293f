using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Benchmarks.Consuming;

/// The least that is possible with the bare drivers: parse, insert the inbox record, replace the view if it is older, commit. 16 at once, each key in one of them.
internal static class RawConsumer
{
    private const int Workers = 16;
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    /// Messages per second.
    public static async Task<double> DrainAsync(IMongoDatabase database, string servers, string topic, int count, int batch)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers, GroupId = topic, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = true,
        }).Build();
        consumer.Subscribe(topic);
        var watch = new Stopwatch();
        var read = 0;
        while (read < count)
        {
            var page = new List<ConsumeResult<string, byte[]>>();
            while (page.Count < Math.Max(batch, 1_000) && read + page.Count < count)
            {
                page.Add(consumer.Consume());
                if (!watch.IsRunning)
                {
                    watch.Start();
                }
            }

            await Task.WhenAll(page.GroupBy(x => batch > 1 ? 0 : x.Message.Key.GetHashCode(StringComparison.Ordinal) & (Workers - 1))
                .Select(share => WorkAsync(database, share.Select(x => JsonDocument.Parse(x.Message.Value)), batch)));
            read += page.Count;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task WorkAsync(IMongoDatabase database, IEnumerable<JsonDocument> share, int batch)
    {
        foreach (var chunk in share.Chunk(batch))
        {
            using var session = await database.Client.StartSessionAsync();
            await session.WithTransactionAsync((handle, _) => WriteAsync(database, handle, chunk), Options);
        }
    }

    private static async Task<bool> WriteAsync(IMongoDatabase database, IClientSessionHandle session, JsonDocument[] messages)
    {
        await database.GetCollection<BsonDocument>("inbox").InsertManyAsync(session, messages.Select(message => new BsonDocument
        {
            { "_id", new BsonDocument { { "endpoint", "raw" }, { "messageId", Text(message, "messageId") } } }, { "processedAt", DateTime.UtcNow },
        }));
        await database.GetCollection<BsonDocument>("views").BulkWriteAsync(session, messages.Select(View));
        return true;
    }

    private static WriteModel<BsonDocument> View(JsonDocument message)
    {
        var version = message.RootElement.GetProperty("version").GetInt64();
        var state = new BsonDocument
        {
            { "_id", Text(message, "entityId") }, { "note", message.RootElement.GetProperty("payload").GetProperty("note").GetString() }, { "version", version },
        };
        var isNewer = new BsonDocument("$lt", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$version", 0L }), version });
        var choice = new BsonDocument("$cond", new BsonArray { isNewer, new BsonDocument("$literal", state), "$$ROOT" });
        return new UpdateOneModel<BsonDocument>(
            new BsonDocument("_id", state["_id"]), Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$replaceWith", choice) })) { IsUpsert = true };
    }

    private static string Text(JsonDocument message, string field) => message.RootElement.GetProperty(field).GetString()!;
}
