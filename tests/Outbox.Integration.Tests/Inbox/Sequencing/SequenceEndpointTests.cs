using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>A topic endpoint whose types are in sequence.</summary>
public sealed class SequenceEndpointTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private ConsumingService _service = null!;

    public async ValueTask InitializeAsync() => _service = await StartAsync(GapPolicy.Hold);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task G4_early_messages_wait_and_are_processed_in_order_also_behind_versions_that_the_endpoint_does_not_handle()
    {
        await _service.ProduceAsync(Placed("o", 5), Placed("o", 4), Placed("o", 3));
        await _service.HasAsync(_service.Parked, 3);
        await _service.ProduceAsync(Placed("other", 1));
        await _service.HasAsync(_service.Shipments, 1);
        await _service.ProduceAsync(Placed("o", 1), Wire.Message("o-2", new OrderPlaced("o", 2), version: 2, type: "order-cancelled"), Placed("o", 6));
        await _service.HasAsync(_service.Shipments, 6);

        Assert.Equal([1, 3, 4, 5, 6], _service.Script.Amounts("o"));
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal(7, await _service.Inbox.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task One_message_in_its_turn_costs_one_command_more_than_one_without_a_sequence()
    {
        await _service.ProduceAsync(Placed("warm", 1));
        await _service.HasAsync(_service.Inbox, 1);
        _service.Commands.Clear();

        await _service.ProduceAsync(Enumerable.Range(1, 10).Select(version => Placed("o", version)));
        await Eventually.TrueAsync(() => Task.FromResult(_service.Commands.Count(x => x == "commitTransaction") == 10), "ten transactions were committed");

        // The inbox record, the shipment, the outgoing message; and the sequence's step.
        Assert.Equal(30, _service.Commands.Count(x => x == "insert"));
        Assert.Equal(10, _service.Commands.Count(x => x == "findAndModify"));
        Assert.Equal(["commitTransaction", "findAndModify", "insert"], _service.Commands.Distinct().Order());
    }

    [Fact]
    public async Task G5_a_message_that_fails_holds_its_own_entity_and_no_other()
    {
        _service.Script.AfterWrite = (order, _) => order is { OrderId: "bad", Amount: 2 } ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(Placed("bad", 1), Placed("bad", 2), Placed("bad", 3), Placed("good", 1), Placed("good", 2));
        await _service.HasAsync(_service.Parked, 2);
        await _service.HasAsync(_service.Shipments, 3);

        var reasons = (await _service.Parked.Find(All).Sort(new BsonDocument("version", 1)).ToListAsync()).Select(x => $"{x["version"]} {x["reason"]}");
        Assert.Equal(["2 failed", "3 gap"], reasons);
    }

    [Fact]
    public async Task A_full_buffer_with_OnGap_Hold_stops_the_partition_and_loses_nothing()
    {
        await using var service = await StartAsync(GapPolicy.Hold, entityLimit: 2);
        await service.ProduceAsync(Placed("o", 2), Placed("o", 3), Placed("o", 4));
        await service.HasAsync(service.Parked, 2);
        await Eventually.TrueAsync(() => Task.FromResult(!service.IsHealthy), "the endpoint says that it cannot go on");

        // The missing version comes another way than through the partition that stands still.
        await service.Services.GetRequiredService<IReorderBuffer>()
            .GiveUpAsync(new Sequence($"{ConsumingService.Endpoint}-{service.Topic}", service.Topic, "o"), GapPolicy.Apply, null, CancellationToken.None);
        await service.HasAsync(service.Shipments, 3);
        Assert.Equal([2, 3, 4], service.Script.Amounts("o"));
        await Eventually.TrueAsync(() => Task.FromResult(service.IsHealthy), "the endpoint is healthy again");
    }

    [Fact]
    public async Task A_full_buffer_with_OnGap_Apply_goes_on_behind_the_gap()
    {
        await using var service = await StartAsync(GapPolicy.Apply, entityLimit: 2);
        await service.ProduceAsync(Placed("o", 2), Placed("o", 3), Placed("o", 4));
        await service.HasAsync(service.Shipments, 3);

        Assert.Equal([2, 3, 4], service.Script.Amounts("o"));
        await service.HasAsync(service.Parked, 0);
    }

    private static Confluent.Kafka.Message<string, byte[]> Placed(string order, int version) =>
        Wire.Message($"{order}-{version}", new OrderPlaced(order, version), version);

    [Fact]
    public async Task A_topic_with_a_prefix_has_its_own_options()
    {
        await using var service = await ConsumingService.StartAsync(
            t =>
            {
                t.Ordering = MessageOrdering.Sequence;
                t.Sequence(s => (s.EntityLimit, s.OnGap) = (1, GapPolicy.Apply));
            },
            prefix: "test.");
        await service.ProduceAsync(Placed("o", 2), Placed("o", 3));
        await service.HasAsync(service.Shipments, 2);
        Assert.Equal([2, 3], service.Script.Amounts("o"));
    }

    private static Task<ConsumingService> StartAsync(GapPolicy policy, int entityLimit = 100) => ConsumingService.StartAsync(
        t => t.Ordering = MessageOrdering.Sequence,
        o =>
        {
            o.QueryDelay = TimeSpan.FromMilliseconds(100);
            o.Sequence(s =>
            {
                s.OnGap = policy;
                s.EntityLimit = entityLimit;
            });
        });
}
