using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox;

/// <summary><c>OnFailed = HoldEntity</c>: an entity's later messages queue behind the one that failed.</summary>
public sealed class HoldEntityTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private volatile int[] _failing = [2];
    private ConsumingService _service = null!;

    private IInboxOperations Operations => _service.Services.GetRequiredService<IInboxOperations>();

    public async ValueTask InitializeAsync() => _service = await HoldingAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData(true, new[] { 1, 2, 3, 4 })]
    [InlineData(false, new[] { 1, 3, 4 })]
    public async Task G5_behind_a_failed_message_its_entity_queues_in_order_until_that_one_is_retried_or_discarded(bool retry, int[] expected)
    {
        await _service.ProduceAsync(Placed("bad", 1), Placed("bad", 2), Placed("bad", 3), Placed("good", 1), Placed("bad", 4), Placed("good", 2));
        await _service.HasAsync(_service.Parked, 3);
        await _service.HasAsync(_service.Shipments, 3);
        Assert.Equal([1], _service.Script.Amounts("bad"));
        Assert.Equal(["2 failed", "3 held", "4 held"], await ReasonsAsync());
        var held = (await Operations.ListParkedAsync(reason: ParkReason.Held))[0];
        Assert.Contains("bad", (await Assert.ThrowsAsync<OutboxException>(() => Operations.RetryAsync(held.Id, "not its turn"))).Message, StringComparison.Ordinal);

        _failing = [];
        var failed = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed));
        Assert.True(retry ? await Operations.RetryAsync(failed.Id, "repaired") : await Operations.DiscardAsync(failed.Id, "not needed"));
        await _service.HasAsync(_service.Parked, 0);
        await _service.ProduceAsync(Placed("bad", 5));
        await _service.HasAsync(_service.Shipments, 2 + expected.Length + 1);
        Assert.Equal([.. expected, 5], _service.Script.Amounts("bad"));
        await _service.HasAsync(_service.Database.GetCollection<BsonDocument>("inbox.sequences"), 0);
    }

    [Fact]
    public async Task One_of_the_queue_that_fails_holds_the_rest()
    {
        await _service.ProduceAsync(Placed("bad", 2), Placed("bad", 3), Placed("bad", 4), Placed("bad", 5));
        await _service.HasAsync(_service.Parked, 4);
        var runs = _service.Script.Runs;
        _failing = [4];
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed)).Id, "repaired");
        await Eventually.TrueAsync(async () => (await ReasonsAsync()).SequenceEqual(["4 failed", "5 held"]), "4 failed, and 5 queues behind it");

        // Nobody tries it again and again: each once, and the failing one twice.
        await _service.ProduceAsync(Placed("good", 1));
        await _service.HasAsync(_service.Shipments, 3);
        Assert.Equal(runs + 5, _service.Script.Runs);

        _failing = [];
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed)).Id, "repaired");
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal([2, 3, 4, 5], _service.Script.Amounts("bad"));
    }

    [Fact]
    public async Task G10_the_queue_survives_the_instance_and_is_run_by_others()
    {
        await _service.ProduceAsync(Placed("bad", 1), Placed("bad", 2), Placed("bad", 3));
        await _service.HasAsync(_service.Parked, 2);
        await _service.DisposeAsync();
        _service = await HoldingAsync(beside: _service);
        await _service.ProduceAsync(Placed("bad", 4), Placed("good", 1));
        await _service.HasAsync(_service.Shipments, 2);
        await Eventually.TrueAsync(async () => (await ReasonsAsync()).Contains("4 held"), "the new instance has its entity's next message queue, too");

        // Both instances' sweeps are after the queue.
        await using var other = await HoldingAsync(beside: _service);
        _failing = [];
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed)).Id, "repaired");
        await _service.HasAsync(_service.Parked, 0);

        // Whichever instance ran which: the documents' order is that of their commits.
        var amounts = (await _service.Shipments.Find(new BsonDocument("orderId", "bad")).Sort(new BsonDocument("_id", 1)).ToListAsync()).Select(x => x["amount"].ToInt32());
        Assert.Equal([1, 2, 3, 4], amounts);
    }

    [Fact]
    public async Task G9_a_full_queue_stops_the_partition_and_loses_nothing()
    {
        await using var service = await HoldingAsync(outbox: o => o.Sequence(s => s.EntityLimit = 1));
        await service.ProduceAsync(Placed("bad", 2), Placed("bad", 3), Placed("bad", 4), Placed("bad", 5));
        await service.HasAsync(service.Parked, 2);
        await Eventually.TrueAsync(() => Task.FromResult(!service.IsHealthy), "the endpoint says that it cannot go on");

        _failing = [];
        var operations = service.Services.GetRequiredService<IInboxOperations>();
        await operations.RetryAsync(Assert.Single(await operations.ListParkedAsync(reason: ParkReason.Failed)).Id, "repaired");
        await service.HasAsync(service.Shipments, 4);
        Assert.Equal([2, 3, 4, 5], service.Script.Amounts("bad"));
        await Eventually.TrueAsync(() => Task.FromResult(service.IsHealthy), "the endpoint is healthy again");
    }

    [Fact]
    public async Task A_message_type_says_what_its_failures_do_unless_the_endpoint_does()
    {
        await using var byType = await StartAsync(t => t.OnFailed = FailurePolicy.HoldEntity);
        await byType.ProduceAsync(Placed("bad", 2), Placed("bad", 3));
        await byType.HasAsync(byType.Parked, 2);

        await using var byEndpoint = await StartAsync(t => t.OnFailed = FailurePolicy.HoldEntity, e => e.OnFailed = FailurePolicy.Continue);
        await byEndpoint.ProduceAsync(Placed("bad", 2), Placed("bad", 3));
        await byEndpoint.HasAsync(byEndpoint.Shipments, 1);
        Assert.Equal(1, await byEndpoint.Parked.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G9_a_failure_policy_that_cannot_be_kept_stops_the_start()
    {
        var inSequence = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(t => t.Ordering = MessageOrdering.Sequence, e => e.OnFailed = FailurePolicy.Continue));
        Assert.Contains("in sequence", Assert.IsType<OutboxConfigurationException>(inSequence.GetBaseException()).Message, StringComparison.Ordinal);
        var parallel = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(endpoint: e =>
        {
            e.OnFailed = FailurePolicy.HoldEntity;
            e.ConcurrentDeliveryLimit = 2;
        }));
        var limit = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(t => t.Sequence(s => s.EntityLimit = 0)));
        Assert.Contains("t.Sequence of topic 'orders-", Assert.IsType<OptionsValidationException>(limit).Message, StringComparison.Ordinal);
        Assert.Contains("ConcurrentDeliveryLimit", Assert.IsType<OutboxConfigurationException>(parallel.GetBaseException()).Message, StringComparison.Ordinal);
    }

    private static Confluent.Kafka.Message<string, byte[]> Placed(string order, int version) =>
        Wire.Message($"{order}-{version}", new OrderPlaced(order, version), version);

    private async Task<IEnumerable<string>> ReasonsAsync() =>
        (await _service.Parked.Find(All).Sort(new BsonDocument("version", 1)).ToListAsync()).Select(x => $"{x["version"]} {x["reason"]}");

    private Task<ConsumingService> HoldingAsync(Action<OutboxConfigurator>? outbox = null, ConsumingService? beside = null) =>
        StartAsync(endpoint: e => e.OnFailed = FailurePolicy.HoldEntity, outbox: outbox, beside: beside);

    private async Task<ConsumingService> StartAsync(
        Action<TopicConfigurator>? orders = null, Action<ITopicEndpointConfigurator>? endpoint = null, Action<OutboxConfigurator>? outbox = null, ConsumingService? beside = null)
    {
        var service = await ConsumingService.StartAsync(
            orders,
            o =>
            {
                o.QueryDelay = TimeSpan.FromMilliseconds(100);
                outbox?.Invoke(o);
            },
            endpoint: endpoint,
            beside: beside);
        service.Script.AfterWrite = (order, _) =>
            order.OrderId == "bad" && _failing.Contains(order.Amount) ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        return service;
    }
}
