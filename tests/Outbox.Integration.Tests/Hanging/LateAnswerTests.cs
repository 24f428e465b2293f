using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Hanging;

/// <summary>A server that is there, and keeps single answers back for longer than a lease.</summary>
public sealed class LateAnswerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task G4_answers_to_capture_or_relay_that_come_when_leases_have_ended_turn_nothing_round() =>
        Task.WhenAll(new[] { "insert", "commitTransaction", "findAndModify", "update", "aggregate", "find", "delete" }.Select(RelayAsync));

    [Fact]
    public Task G6_answers_to_a_consumer_that_come_late_give_a_message_one_effect() => Task.WhenAll(new[] { "insert", "commitTransaction", "update" }.Select(ConsumeAsync));

    private static async Task RelayAsync(string command)
    {
        await using var server = await MongoServer.StartAsync();
        var place = await TestPlace.SharedAsync() with { MongoDb = server.ConnectionString };
        await using var one = await TestService.StartAsync(o => o.LeaseDuration = Lease, place: place);
        await using var other = await TestService.StartAsync(o => o.LeaseDuration = Lease, sibling: one);
        await one.PublishAsync("e-1", 1);
        await Eventually.DrainedAsync(one);

        server.Faults.DelayAnswer(Late, count: 2, command);
        await Task.WhenAll(one.PublishAsync("e-1", 2, 3, 4, 5), other.PublishAsync("e-2", 1, 2, 3, 4, 5));
        await Eventually.DrainedAsync(one);

        Delivered.AssertCompleteAndOrdered(await one.ReadTopicAsync(), entities: 2, versions: 5);
        Assert.Empty(await one.Operations.ListParkedAsync());
    }

    private static async Task ConsumeAsync(string command)
    {
        await using var server = await MongoServer.StartAsync();
        await using var service = await ConsumingService.StartAsync(outbox: o => o.LeaseDuration = Lease, mongo: server.ConnectionString);
        service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await service.ProduceAsync(("m0", new OrderPlaced("o0", 1)));
        await service.HasAsync(service.Inbox, 1);

        server.Faults.DelayAnswer(Late, count: 2, command);
        await service.ProduceAsync([("m-bad", new OrderPlaced("bad", 1)), .. Enumerable.Range(1, 5).Select(n => ($"m{n}", new OrderPlaced($"o{n}", 1)))]);
        await service.HasAsync(service.Inbox, 6);
        await service.HasAsync(service.Parked, 1);

        Assert.Equal(6, await service.Shipments.CountDocumentsAsync(All, cancellationToken: Stop));
        Assert.Equal(6, await service.Outbox.CountDocumentsAsync(All, cancellationToken: Stop));
    }
}
