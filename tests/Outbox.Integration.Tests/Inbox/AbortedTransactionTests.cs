using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>A transaction that the server aborts each time is its message's own failure, and no outage.</summary>
public sealed class AbortedTransactionTests
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    [Fact]
    public async Task G5_a_message_whose_consumer_catches_what_ends_its_transaction_is_parked_and_the_others_go_on()
    {
        await using var service = await ConsumingService.StartAsync();
        await service.Shipments.InsertOneAsync(new BsonDocument("_id", "there"));
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? InsertAndCatchAsync(service) : Task.CompletedTask;
        await service.ProduceAsync(("m1", new OrderPlaced("bad", 1)), ("m2", new OrderPlaced("good", 1)));

        await service.HasAsync(service.Parked, 1);
        await service.HasAsync(service.Inbox, 1);

        var parked = await service.Parked.Find(All).SingleAsync();
        Assert.Equal(("failed", "m1"), (parked["reason"].AsString, parked["messageId"].AsString));
        Assert.True(service.IsHealthy);
        Assert.InRange(service.Script.Runs, 2, 20);
    }

    [Fact]
    public async Task G5_of_a_batch_whose_transaction_the_server_aborts_only_the_message_that_causes_it_is_parked()
    {
        await using var service = await ConsumingService.StartAsync(batches: true);
        await service.Shipments.InsertOneAsync(new BsonDocument("_id", "there"));
        service.Script.AfterWrite = (order, _) => order.OrderId == "o3" ? InsertAndCatchAsync(service) : Task.CompletedTask;
        await service.ProduceAsync(Enumerable.Range(0, 10).Select(i => ($"m{i}", new OrderPlaced($"o{i}", 1))));

        await service.HasAsync(service.Inbox, 9);
        await service.HasAsync(service.Parked, 1);

        Assert.Equal("m3", (await service.Parked.Find(All).SingleAsync())["messageId"]);
    }

    [Fact]
    public async Task G5_a_message_whose_consumer_runs_longer_than_a_transaction_may_is_parked_and_says_so()
    {
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { TransactionLifetime = TimeSpan.FromSeconds(1) });
        await using var service = await ConsumingService.StartAsync(mongo: server.ConnectionString);
        service.Script.AfterWrite = (order, _) => order.OrderId == "slow" ? Task.Delay(TimeSpan.FromSeconds(3)) : Task.CompletedTask;
        await service.ProduceAsync(("m1", new OrderPlaced("slow", 1)), ("m2", new OrderPlaced("quick", 1)));

        await service.HasAsync(service.Inbox, 1);
        await service.HasAsync(service.Parked, 1);

        var parked = await service.Parked.Find(All).SingleAsync();
        Assert.Equal("m1", parked["messageId"]);
        Assert.Contains("transactionLifetimeLimitSeconds", parked["error"].AsString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G5_a_batch_that_runs_longer_than_a_transaction_may_is_split_and_goes_through()
    {
        await using var server = await MongoServer.StartAsync(new MongoServerOptions { TransactionLifetime = TimeSpan.FromSeconds(2) });
        await using var service = await ConsumingService.StartAsync(batches: true, mongo: server.ConnectionString);
        service.Script.AfterWrite = (_, _) => Task.Delay(TimeSpan.FromMilliseconds(300));
        await service.ProduceAsync(Enumerable.Range(0, 16).Select(i => ($"m{i}", new OrderPlaced("o", i))));

        await service.HasAsync(service.Inbox, 16);
        await service.HasAsync(service.Shipments, 16);
        Assert.Equal(0, await service.Parked.CountDocumentsAsync(All));
    }

    private static async Task InsertAndCatchAsync(ConsumingService service)
    {
        var transaction = Outbox.Capture.AmbientTransaction.Current!;
        try
        {
            await service.Shipments.InsertOneAsync(transaction.Session, new BsonDocument("_id", "there"));
        }
        catch (MongoWriteException)
        {
            // As people do who think that the transaction goes on.
        }
    }
}
