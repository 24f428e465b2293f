using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>G6: the inbox record, the consumer's writes and its own messages are one transaction.</summary>
public sealed class InboxTransactionTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private ConsumingService _service = null!;

    public async ValueTask InitializeAsync() => _service = await ConsumingService.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task G6_a_processed_message_leaves_its_record_the_write_and_the_outgoing_message()
    {
        await _service.ProduceAsync(("m1", new OrderPlaced("o1", 1)));
        await _service.HasAsync(_service.Inbox, 1);

        var record = await _service.Inbox.Find(All).SingleAsync();
        Assert.Equal(new BsonDocument { { "endpoint", $"{ConsumingService.Endpoint}-{_service.Topic}" }, { "messageId", "m1" } }, record["_id"]);
        Assert.Equal(("o1", 1L, "order-placed"), (record["entityId"].AsString, record["version"].ToInt64(), record["type"].AsString));
        Assert.Equal("o1", (await _service.Shipments.Find(All).SingleAsync())["orderId"]);
        var message = await _service.Outbox.Find(All).SingleAsync();
        Assert.Equal(("o1", "m1"), (message["entityId"].AsString, message["headers"]["causationId"].AsString));
    }

    [Fact]
    public async Task G6_an_attempt_that_fails_leaves_nothing_and_the_next_takes_effect_once()
    {
        _service.Script.AfterWrite = (_, run) => run == 1 ? throw new InvalidOperationException("the first attempt fails") : Task.CompletedTask;
        await _service.ProduceAsync(("m1", new OrderPlaced("o1", 1)));
        await _service.HasAsync(_service.Inbox, 1);

        Assert.Equal(2, _service.Script.Runs);
        Assert.Equal(1, await _service.Shipments.CountDocumentsAsync(All));
        Assert.Equal(1, await _service.Outbox.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G6_a_message_that_comes_three_times_takes_effect_once()
    {
        await _service.ProduceAsync(("m1", new OrderPlaced("o1", 1)), ("m1", new OrderPlaced("o1", 1)), ("m1", new OrderPlaced("o1", 1)), ("m2", new OrderPlaced("o1", 2)));
        await _service.HasAsync(_service.Inbox, 2);

        Assert.Equal(2, _service.Script.Runs);
        Assert.Equal(2, await _service.Shipments.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G8_a_message_that_keeps_failing_is_parked_whole_and_leaves_nothing_else()
    {
        _service.Script.AfterWrite = (order, _) => order.OrderId == "bad" ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(("m1", new OrderPlaced("bad", 1)), ("m2", new OrderPlaced("good", 1)));
        await _service.HasAsync(_service.Parked, 1);
        await _service.HasAsync(_service.Inbox, 1);

        var parked = await _service.Parked.Find(All).SingleAsync();
        Assert.Equal(("failed", "m1", "bad", 2), (parked["reason"].AsString, parked["messageId"].AsString, parked["entityId"].AsString, parked["attempts"].ToInt32()));
        Assert.Contains("no such address", parked["error"].AsString, StringComparison.Ordinal);
        Assert.Equal("good", (await _service.Shipments.Find(All).SingleAsync())["orderId"]);
        Assert.Equal(1, await _service.Outbox.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task One_message_costs_one_transaction_and_four_commands()
    {
        await _service.ProduceAsync(("warm", new OrderPlaced("o0", 1)));
        await _service.HasAsync(_service.Inbox, 1);
        _service.Commands.Clear();

        _service.Script.AfterWrite = (_, _) => Task.CompletedTask;
        await _service.ProduceAsync(Enumerable.Range(1, 10).Select(i => ($"m{i}", new OrderPlaced($"o{i}", 1))));
        await Eventually.TrueAsync(() => Task.FromResult(_service.Commands.Count(x => x == "commitTransaction") == 10), "ten transactions were committed");

        // The inbox record, the shipment, the outgoing message.
        Assert.Equal(30, _service.Commands.Count(x => x == "insert"));
        Assert.Equal(["commitTransaction", "insert"], _service.Commands.Distinct().Order());
    }

    [Fact]
    public async Task Lost_connections_to_the_database_park_nothing()
    {
        await using var _ = await FailPoint.SetAsync(
            _service.Database.Client,
            times: 8,
            data: new BsonDocument
            {
                { "failCommands", new BsonArray { "insert", "commitTransaction" } },
                { "closeConnection", true },
                // This service alone: other tests share the server.
                { "appName", _service.Database.DatabaseNamespace.DatabaseName },
            });
        await _service.ProduceAsync(Enumerable.Range(1, 20).Select(i => ($"m{i}", new OrderPlaced($"o{i}", 1))));
        await _service.HasAsync(_service.Inbox, 20);

        Assert.Equal(20, await _service.Shipments.CountDocumentsAsync(All));
        Assert.Equal(20, await _service.Outbox.CountDocumentsAsync(All));
        Assert.Equal(0, await _service.Parked.CountDocumentsAsync(All));
    }
}
