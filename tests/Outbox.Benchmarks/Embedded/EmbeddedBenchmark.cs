using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;

namespace Outbox.Benchmarks.Embedded;

/// How fast the embedded MongoDB server is, seen through MongoDB.Driver in the same process.
internal static class EmbeddedBenchmark
{
    private const int Clients = 16;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task<Figures> RunAsync(string[] args)
    {
        var figures = new Figures();
        await using var server = await MongoServer.StartAsync();
        using var client = new MongoClient(server.ConnectionString);
        var database = client.GetDatabase("benchmark");
        await WarmUpAsync(client, database);

        figures.AtLeast("embedded.inserts_per_second", await Throughput.MeasureAsync(Clients, Duration, n => InsertAsync(database, "inserts", n)), 8_000);
        figures.AtLeast("embedded.reads_by_id_per_second", await Throughput.MeasureAsync(Clients, Duration, n => ReadAsync(database, n)), 10_000);
        figures.AtLeast("embedded.two_insert_transactions_per_second", await Throughput.MeasureAsync(Clients, Duration, n => TransactAsync(client, database, n)), 2_500);
        await database.Client.DropDatabaseAsync("benchmark");
        await MillionAsync(database, figures);
        return figures;
    }

    /// Until the compiler has seen the hot paths often enough: what is measured is the server, not the start of the process.
    private static async Task WarmUpAsync(IMongoClient client, IMongoDatabase database)
    {
        await Throughput.RunAsync(Clients, 20_000, n => InsertAsync(database, "warm", n));
        await Throughput.RunAsync(Clients, 20_000, n => ReadAsync(database, n));
        await Throughput.RunAsync(Clients, 5_000, n => TransactAsync(client, database, n));
        await database.DropCollectionAsync("orders");
        await database.DropCollectionAsync("outbox");
    }

    private static Task InsertAsync(IMongoDatabase database, string collection, long n) =>
        database.GetCollection<BsonDocument>(collection).InsertOneAsync(Document(n));

    private static async Task ReadAsync(IMongoDatabase database, long n) =>
        await database.GetCollection<BsonDocument>("inserts").Find(new BsonDocument("_id", n % 20_000)).FirstOrDefaultAsync();

    private static async Task TransactAsync(IMongoClient client, IMongoDatabase database, long n)
    {
        using var session = await client.StartSessionAsync();
        session.StartTransaction();
        await database.GetCollection<BsonDocument>("orders").InsertOneAsync(session, Document(n));
        await database.GetCollection<BsonDocument>("outbox").InsertOneAsync(session, Document(n));
        await session.CommitTransactionAsync();
    }

    private static async Task MillionAsync(IMongoDatabase database, Figures figures)
    {
        const int Total = 1_000_000;
        var collection = database.GetCollection<BsonDocument>("million");
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument { { "lane", 1 }, { "seq", 1 } }));
        var before = Memory();
        for (var i = 0; i < Total; i += 10_000)
        {
            var from = i;
            await collection.InsertManyAsync(Enumerable.Range(from, 10_000).Select(n => Document(n)));
        }

        figures.AtMost("embedded.million_documents_megabytes", (Memory() - before) / 1048576d, 1_500);
        var filter = new BsonDocument { { "lane", 3 }, { "seq", new BsonDocument("$gte", 500_000) } };
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await collection.Find(filter).Sort(new BsonDocument("seq", 1)).Limit(1_000).ToListAsync();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (page.Count != 1_000)
            {
                throw new InvalidOperationException($"The page has {page.Count} documents");
            }
        }

        figures.AtMost("embedded.indexed_page_milliseconds", times.Order().ElementAt(times.Count / 2), 20);
    }

    private static BsonDocument Document(long n) => new()
    {
        { "_id", n },
        { "lane", n % 8 },
        { "seq", n },
        { "type", "order-placed" },
        { "payload", "{ \"customer\": \"c-1\", \"quantity\": 3 }" },
    };

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
