using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Benchmarks.Delivery;
using Outbox.Delivery;
using Outbox.Delivery.Operations;
using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Benchmarks.Dashboard;

/// Fills a service's collections: one of each kind is made by the framework itself, and the rest are copies of it.
internal static class LoadedDashboard
{
    public const string Group = "benchmark007";
    private const int Some = 10_000;
    private const int Groups = 20;

    /// <returns>What a message on each side is called.</returns>
    public static async Task<(string Outbox, string Inbox)> FillAsync(IServiceProvider services, int pending, int parked, int consumed)
    {
        var started = Stopwatch.GetTimestamp();
        var database = services.GetRequiredService<IMongoDatabase>();
        var (outbox, outboxParked, inboxParked) = (database.GetCollection<BsonDocument>("outbox"), database.GetCollection<BsonDocument>("outbox.parked"), database.GetCollection<BsonDocument>("inbox.parked"));
        await Backlog.FillAsync(database, "orders", 1);
        var message = await outbox.Find(new BsonDocument()).FirstAsync();
        await ParkAsync(services);
        var notPublished = await outboxParked.Find(new BsonDocument()).FirstAsync();
        await services.GetRequiredService<IInboxParking>().ParkAsync(Consumed(), CancellationToken.None);
        var notProcessed = await inboxParked.Find(new BsonDocument()).FirstAsync();

        await CopyAsync(outbox, message, pending);
        await CopyAsync(outboxParked, notPublished, parked);
        await CopyAsync(inboxParked, notProcessed, consumed);
        Figures.Note("dashboard.loading", Stopwatch.GetElapsedTime(started).TotalSeconds, $"s for {pending} pending, {parked} not published, {consumed} not processed");
        return (
            (await services.GetRequiredService<IOutboxOperations>().SearchAsync(new ParkedFilter(), size: 1)).Items[0].Id,
            (await services.GetRequiredService<IInboxOperations>().SearchAsync(new ParkedInboxFilter(), size: 1)).Items[0].Id);
    }

    private static async Task CopyAsync(IMongoCollection<BsonDocument> collection, BsonDocument one, int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(Some))
        {
            await collection.InsertManyAsync(some.Select(n => Copy(one, n)), new InsertManyOptions { IsOrdered = false });
        }
    }

    private static BsonDocument Copy(BsonDocument one, int n)
    {
        var copy = (BsonDocument)one.DeepClone();
        copy["_id"] = one["_id"] is BsonObjectId ? ObjectId.GenerateNewId() : $"message-{n:0000000}";
        copy["entityId"] = $"order-{n % 50_000}";
        copy["version"] = (long)((n / 50_000) + 2);
        if (copy.Contains("lane"))
        {
            copy["lane"] = n % 8;
        }

        if (copy.Contains("errorGroup"))
        {
            copy["errorGroup"] = $"benchmark{n % Groups:000}";
            copy["parkedAt"] = one["parkedAt"].ToUniversalTime().AddMilliseconds(-n);
        }

        if (copy.Contains("messageId"))
        {
            copy["messageId"] = $"consumed-{n:0000000}";
            copy["offset"] = (long)n;
        }

        return copy;
    }

    private static async Task ParkAsync(IServiceProvider services)
    {
        var reader = services.GetRequiredService<IOutboxReader>();
        await foreach (var page in reader.SweepAsync(new SweepRequest([.. Enumerable.Range(0, 8)], 10, [], DateTimeOffset.MaxValue), CancellationToken.None))
        {
            await reader.ParkAsync([.. page.Select(message => new UnpublishableMessage(message, "The topic takes nothing.", 3, HoldsEntity: true))], CancellationToken.None);
        }
    }

    private static ParkedMessage Consumed() => new()
    {
        Endpoint = "billing",
        Topic = "orders",
        Partition = 0,
        Offset = 0,
        Key = "order-0"u8.ToArray(),
        Value = Encoding.UTF8.GetBytes($$"""{"messageId":"consumed","payload":{"orderId":"order-0","note":"{{new string('x', 300)}}"} }"""),
        Headers = [new("messageId", "consumed"u8.ToArray()), new("type", "order-changed"u8.ToArray())],
        MessageId = "consumed",
        EntityType = "order",
        EntityId = "order-0",
        Version = 1,
        Type = "order-changed",
        Reason = ParkReason.Failed,
        Error = "It cannot be billed.",
        Attempts = 5,
    };
}
