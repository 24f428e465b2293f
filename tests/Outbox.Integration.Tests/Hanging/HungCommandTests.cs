using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Hanging;

/// <summary>
/// A server that hangs at a command: it got the command or not, and its answer never comes; or it gets it when the client has long sent it again. Each of the framework's operations keeps its guarantee.
/// </summary>
public sealed class HungCommandTests
{
    private const int Versions = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Loss.Everything)]
    [InlineData(Loss.Answers)]
    [InlineData(Loss.Late)]
    public Task G10_a_server_that_hangs_at_any_command_of_capture_or_relay_loses_and_invents_nothing(Loss loss) => Task.WhenAll(new[]
    {
        "update orders", "insert outbox", "commitTransaction", "findAndModify outbox.relays", "update outbox.leases", "find outbox", "delete outbox", "update outbox.instances",
    }.Select(step => RelayAsync(step, loss)));

    [Theory]
    [InlineData(Loss.Everything)]
    [InlineData(Loss.Answers)]
    [InlineData(Loss.Late)]
    public Task G10_a_server_that_hangs_at_any_command_of_a_consumer_gives_a_message_one_effect(Loss loss) => Task.WhenAll(new[]
    {
        "insert inbox", "insert shipments", "insert outbox", "commitTransaction", "update inbox.parked",
    }.Select(step => ConsumeAsync(step, loss)));

    private static async Task RelayAsync(string step, Loss loss)
    {
        using var database = await HangingDatabase.StartAsync(Lease, loss);
        var place = await TestPlace.SharedAsync() with { MongoDb = database.Connection };
        await using var service = await TestService.StartAsync(
            o => o.LeaseDuration = Lease, services => services.Replace(ServiceDescriptor.Singleton(database.Client)), place: place);
        await WriteAsync(service, 1);
        await Eventually.DrainedAsync(service);

        database.HangAt(step);
        for (var version = 2; version <= Versions; version++)
        {
            await WriteAsync(service, version);
        }

        await database.HungAsync();
        await Eventually.DrainedAsync(service);
        await database.ReleaseAsync();

        await WriteAsync(service, Versions + 1);
        await Eventually.DrainedAsync(service);
        Assert.True(Versions + 1 == (await service.Orders.Find(All).SingleAsync(Stop))["written"].ToInt32(), step);
        var log = await service.ReadTopicAsync();
        Delivered.AssertCompleteAndOrdered(log, entities: 1, versions: Versions + 1);
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    /// <summary>Changes the state and publishes that it did.</summary>
    private static Task WriteAsync(TestService service, int version) => service.Outbox.ExecuteAsync(
        async (tx, token) =>
        {
            await service.Orders.UpdateOneAsync(
                tx.Session, new BsonDocument("_id", "e-1"), new BsonDocument("$inc", new BsonDocument("written", 1)), new UpdateOptions { IsUpsert = true }, token);
            tx.Publish(new OrderPlaced("e-1", 7), "e-1", version);
        },
        Stop);

    private static async Task ConsumeAsync(string step, Loss loss)
    {
        using var database = await HangingDatabase.StartAsync(Lease, loss);
        await using var service = await ConsumingService.StartAsync(
            outbox: o =>
            {
                o.LeaseDuration = Lease;
                o.Services.Replace(ServiceDescriptor.Singleton(database.Client));
            },
            mongo: database.Connection);
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await service.ProduceAsync(("m0", new OrderPlaced("o0", 1)));
        await service.HasAsync(service.Inbox, 1);

        database.HangAt(step);
        await service.ProduceAsync([("m-bad", new OrderPlaced("bad", 1)), .. Enumerable.Range(1, 5).Select(n => ($"m{n}", new OrderPlaced($"o{n}", 1)))]);
        await database.HungAsync();
        await service.HasAsync(service.Inbox, 6);
        await service.HasAsync(service.Parked, 1);
        await database.ReleaseAsync();

        await service.ProduceAsync(("m6", new OrderPlaced("o6", 1)));
        await service.HasAsync(service.Inbox, 7);
        Assert.True(7 == await service.Shipments.CountDocumentsAsync(All, cancellationToken: Stop), step);
        Assert.True(7 == await service.Outbox.CountDocumentsAsync(All, cancellationToken: Stop), step);
        Assert.Equal("m-bad", (await service.Parked.Find(All).SingleAsync(Stop))["messageId"].AsString);
    }
}
