using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>Consumers of batches: one transaction for each, and nobody fails with another.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private ConsumingService _service = null!;

    public async ValueTask InitializeAsync() => _service = await ConsumingService.StartAsync(batches: true);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task G6_a_batch_is_one_transaction_with_all_its_records_writes_and_outgoing_messages()
    {
        _service.Commands.Clear();
        await _service.ProduceAsync(Orders(40));
        await _service.HasAsync(_service.Inbox, 40);

        Assert.Equal(40, await _service.Shipments.CountDocumentsAsync(All));
        Assert.Equal(40, await _service.Outbox.CountDocumentsAsync(All));
        Assert.InRange(_service.Script.Batches.Count, 2, 20);
        Assert.Equal(_service.Script.Batches.Count, _service.Commands.Count(x => x == "commitTransaction"));
    }

    [Fact]
    public async Task G6_duplicates_are_taken_out_of_a_batch()
    {
        await _service.ProduceAsync(Orders(10));
        await _service.HasAsync(_service.Inbox, 10);
        await _service.ProduceAsync(Orders(20));
        await _service.HasAsync(_service.Inbox, 20);

        Assert.Equal(20, await _service.Shipments.CountDocumentsAsync(All));
        Assert.Equal(20, await _service.Outbox.CountDocumentsAsync(All));
        Assert.Equal(20, _service.Script.Batches.Sum());
    }

    [Fact]
    public async Task A_batch_of_new_messages_reads_nothing_and_one_with_duplicates_looks_for_them_once()
    {
        _service.Script.AfterWrite = (_, _) => Task.CompletedTask;
        _service.Commands.Clear();
        await _service.ProduceAsync(Orders(10));
        await _service.HasAsync(_service.Inbox, 10);
        Assert.Equal(["commitTransaction", "insert"], _service.Commands.Distinct().Order());

        await _service.ProduceAsync(Orders(20));
        await _service.HasAsync(_service.Inbox, 20);
        Assert.InRange(_service.Commands.Count(x => x == "find"), 1, 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task G8_poisonous_messages_are_parked_wherever_they_stand_in_their_batch(int half)
    {
        _service.Script.AfterWrite = (order, _) =>
            int.Parse(order.OrderId[1..], CultureInfo.InvariantCulture) % 2 == half ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(Orders(20));
        await _service.HasAsync(_service.Inbox, 10);
        await _service.HasAsync(_service.Parked, 10);

        Assert.Equal(10, await _service.Shipments.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G5_a_poisonous_message_is_parked_and_the_others_of_its_batch_go_through()
    {
        _service.Script.AfterWrite = (order, _) => order.OrderId == "o7" ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(Orders(20));
        await _service.HasAsync(_service.Inbox, 19);
        await _service.HasAsync(_service.Parked, 1);

        var parked = await _service.Parked.Find(All).SingleAsync();
        Assert.Equal(("failed", "m7"), (parked["reason"].AsString, parked["messageId"].AsString));
        Assert.Contains("no such address", parked["error"].AsString, StringComparison.Ordinal);
        var shipped = (await _service.Shipments.Find(All).ToListAsync()).Select(x => x["orderId"].AsString).ToList();
        Assert.Equal(19, shipped.Distinct().Count());
        Assert.Equal(19, shipped.Count);
        Assert.Equal(19, await _service.Outbox.CountDocumentsAsync(All));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task G4_a_batch_holds_several_messages_of_a_key_and_none_overtakes_one_that_failed(int failures)
    {
        // As many attempts fail as it takes to be alone, or nearly so; then it goes through, or is parked, and what waited for it comes after it.
        var left = failures;
        _service.Script.AfterWrite = (order, _) =>
            order is { OrderId: "o2", Amount: 5 } && Interlocked.Decrement(ref left) >= 0 ? throw new InvalidOperationException("not now") : Task.CompletedTask;
        await _service.ProduceAsync(Enumerable.Range(4, 40).Select(n => Wire.Message($"m{n}", new OrderPlaced($"o{n % 4}", n / 4), n / 4)));
        await Eventually.TrueAsync(
            async () => await _service.Inbox.CountDocumentsAsync(All) + await _service.Parked.CountDocumentsAsync(All) == 40, "40 messages were processed or parked");

        Assert.Contains(_service.Script.Batches, count => count > 4);
        var shipped = (await _service.Shipments.Find(All).ToListAsync()).GroupBy(x => x["orderId"].AsString, x => x["version"].ToInt32());
        Assert.All(shipped, order => Assert.Equal(order.Order(), order));
    }

    [Fact]
    public async Task Lost_connections_to_the_database_split_and_park_nothing()
    {
        await using var _ = await FailPoint.SetAsync(
            _service.Database.Client,
            times: 3,
            data: new BsonDocument
            {
                { "failCommands", new BsonArray { "insert", "commitTransaction" } },
                { "closeConnection", true },
                { "appName", _service.Database.DatabaseNamespace.DatabaseName },
            });
        await _service.ProduceAsync(Orders(20));
        await _service.HasAsync(_service.Inbox, 20);

        Assert.Equal(20, await _service.Shipments.CountDocumentsAsync(All));
        Assert.Equal(0, await _service.Parked.CountDocumentsAsync(All));
    }

    private static IEnumerable<(string, OrderPlaced)> Orders(int count) => Enumerable.Range(1, count).Select(i => ($"m{i}", new OrderPlaced($"o{i}", 1)));
}
