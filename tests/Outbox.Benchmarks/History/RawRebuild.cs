using System.Diagnostics;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Benchmarks.History;

/// What one would write by hand: a page of the history, in one transaction with how far each entity is, the rows, and the checkpoint.
internal sealed class RawRebuild(IMongoDatabase database)
{
    private const int Page = 500;

    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);
    private static readonly BulkWriteOptions InAnyOrder = new() { IsOrdered = false };

    private int _runs;

    /// <returns>Events per second.</returns>
    public async Task<double> RunAsync(int events)
    {
        var run = ++_runs;
        var history = database.WithReadConcern(ReadConcern.Majority).GetCollection<BsonDocument>("history");
        var (rows, progress) = (database.GetCollection<CounterRow>($"raw_rows_{run}"), database.GetCollection<BsonDocument>($"raw_progress_{run}"));
        await database.CreateCollectionAsync($"raw_rows_{run}");
        await database.CreateCollectionAsync($"raw_progress_{run}");
        var started = Stopwatch.GetTimestamp();
        BsonValue? last = null;
        for (var read = 0; read < events;)
        {
            var after = new BsonDocument("_id", new BsonDocument
            {
                { "$gt", last ?? new BsonDocument("entityType", "counter") },
                { "$lt", new BsonDocument { { "entityType", "counter" }, { "entityId", BsonMaxKey.Value } } },
            });
            var page = await history.Find(after).Sort(new BsonDocument("_id", 1)).Limit(Page).ToListAsync();
            await ApplyAsync(page, rows, progress);
            last = page[^1]["_id"];
            read += page.Count;
        }

        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task ApplyAsync(List<BsonDocument> page, IMongoCollection<CounterRow> rows, IMongoCollection<BsonDocument> progress)
    {
        var byEntity = page.GroupBy(document => document["_id"]["entityId"].AsString).ToList();
        using var session = await database.Client.StartSessionAsync();
        await session.WithTransactionAsync(
            async (handle, token) =>
            {
                var keys = byEntity.ConvertAll(entity => KeyOf(entity.Key));
                var versions = (await progress.Find(handle, new BsonDocument("_id", new BsonDocument("$in", new BsonArray(keys)))).ToListAsync(token))
                    .ToDictionary(document => document["_id"]["entityId"].AsString, document => document["version"].ToInt64());
                var known = (await rows.Find(handle, Builders<CounterRow>.Filter.In(row => row.Id, byEntity.Select(entity => entity.Key))).ToListAsync(token)).ToDictionary(row => row.Id);
                var (changed, stepped) = (new List<WriteModel<CounterRow>>(), new List<WriteModel<BsonDocument>>());
                foreach (var entity in byEntity)
                {
                    var (row, version) = (known.GetValueOrDefault(entity.Key), versions.GetValueOrDefault(entity.Key));
                    foreach (var document in entity.Where(document => document["_id"]["version"].ToInt64() > version))
                    {
                        row = Fold(row, document);
                        version = document["_id"]["version"].ToInt64();
                    }

                    changed.Add(new ReplaceOneModel<CounterRow>(new BsonDocument("_id", entity.Key), row!) { IsUpsert = true });
                    stepped.Add(new UpdateOneModel<BsonDocument>(new BsonDocument("_id", KeyOf(entity.Key)), new BsonDocument("$set", new BsonDocument("version", version))) { IsUpsert = true });
                }

                await rows.BulkWriteAsync(handle, changed, InAnyOrder, token);
                await progress.BulkWriteAsync(handle, stepped, InAnyOrder, token);
                await database.GetCollection<BsonDocument>("raw_checkpoints").UpdateOneAsync(
                    handle, new BsonDocument("_id", rows.CollectionNamespace.CollectionName), new BsonDocument("$set", new BsonDocument("at", page[^1]["_id"])), new UpdateOptions { IsUpsert = true }, token);
                return true;
            },
            Options);
    }

    private static BsonDocument KeyOf(string id) => new() { { "endpoint", "raw" }, { "topic", "counters" }, { "entityType", "counter" }, { "entityId", id } };

    private static CounterRow Fold(CounterRow? row, BsonDocument document) => document["type"].AsString == "counter-started"
        ? new CounterRow(JsonSerializer.Deserialize<CounterStarted>(document["payload"].AsString, JsonSerializerOptions.Web)!.CounterId, 0, 1)
        : row! with { Sum = row.Sum + JsonSerializer.Deserialize<Counted>(document["payload"].AsString, JsonSerializerOptions.Web)!.By, Changes = row.Changes + 1 };
}
