using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>What a person does about parked messages.</summary>
public sealed class OperationsTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private volatile bool _repaired;
    private ConsumingService _service = null!;

    private IInboxOperations Operations => _service.Services.GetRequiredService<IInboxOperations>();

    public ValueTask InitializeAsync() => StartAsync(MessageOrdering.NewestVersion);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_parked_message_that_is_retried_goes_through_the_pipeline_and_takes_effect_once()
    {
        await _service.ProduceAsync(Placed("bad", 2));
        await _service.HasAsync(_service.Parked, 1);
        var parked = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed));
        Assert.Equal(("bad-2", 2L, false), (parked.Message.MessageId, parked.Message.Version, parked.RetryRequested));
        Assert.Empty(await Operations.ListParkedAsync(endpoint: "another"));

        _repaired = true;
        Assert.True(await Operations.RetryAsync(parked.Id, "the address was corrected"));
        await _service.HasAsync(_service.Parked, 0);
        await _service.ProduceAsync(Placed("bad", 2), Placed("next", 1));
        await _service.HasAsync(_service.Shipments, 2);

        Assert.Equal([2], _service.Script.Amounts("bad"));
        Assert.False(await Operations.RetryAsync(parked.Id, "gone already"));
    }

    [Fact]
    public async Task A_parked_message_without_a_timestamp_of_its_own_keeps_that_of_its_record()
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.NewestTimestamp);
        var sent = new DateTime(2026, 3, 1, 12, 0, 0, 123, DateTimeKind.Utc);
        await _service.ProduceAsync(Wire.MassTransitMessage("bad-2", new OrderPlaced("bad", 2), sent));
        await _service.HasAsync(_service.Parked, 1);
        Assert.Equal(sent, Assert.Single(await Operations.ListParkedAsync()).Message.Timestamp?.UtcDateTime);

        _repaired = true;
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync()).Id, "the address was corrected");
        await _service.HasAsync(_service.Shipments, 1);
        Assert.Equal(sent, (await _service.Shipments.Find(All).SingleAsync())["timestamp"].ToUniversalTime());
    }

    [Fact]
    public async Task A_parked_message_is_found_where_topics_have_a_prefix()
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.Sequence, prefix: "test.");
        await _service.ProduceAsync(Placed("bad", 1), Placed("bad", 2), Placed("bad", 3));
        await _service.HasAsync(_service.Parked, 2);

        _repaired = true;
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed)).Id, "the address was corrected");
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal([1, 2, 3], _service.Script.Amounts("bad"));
    }

    [Fact]
    public async Task A_message_of_a_handler_without_inbox_is_retried_once()
    {
        var runs = 0;
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.NewestVersion, endpoint: e => e.Handler<OrderCancelled>(
            _ => Interlocked.Increment(ref runs) > 0 && !_repaired ? throw new InvalidOperationException("no such address") : Task.CompletedTask));
        await _service.ProduceAsync(Wire.Message("c1", new OrderPlaced("o", 1), type: "order-cancelled"));
        await _service.HasAsync(_service.Parked, 1);
        var failed = Volatile.Read(ref runs);

        _repaired = true;
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync()).Id, "the address was corrected");
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal(failed + 1, Volatile.Read(ref runs));
    }

    [Fact]
    public async Task G6_a_retry_of_a_message_of_two_consumers_runs_only_the_one_that_failed()
    {
        var audits = 0;
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.NewestVersion, endpoint: e => e.Consumer(() => new AuditConsumer(() => Interlocked.Increment(ref audits))));
        await _service.ProduceAsync(Placed("bad", 2));
        await _service.HasAsync(_service.Parked, 1);
        Assert.Equal((1, 0L), (Volatile.Read(ref audits), await _service.Shipments.CountDocumentsAsync(All)));
        Assert.Equal("partly", (await _service.Inbox.Find(All).SingleAsync())["outcome"].AsString);

        _repaired = true;
        await Operations.RetryAsync(Assert.Single(await Operations.ListParkedAsync()).Id, "the address was corrected");
        await _service.HasAsync(_service.Parked, 0);

        Assert.Equal((1, 1L), (Volatile.Read(ref audits), await _service.Shipments.CountDocumentsAsync(All)));
        var record = await _service.Inbox.Find(All).SingleAsync();
        Assert.Equal("processed", record["outcome"].AsString);
        Assert.False(record.Contains("consumers"));
    }

    [Fact]
    public async Task A_redelivery_runs_the_message_again_at_its_time_and_its_entity_waits_for_it_where_that_is_wanted()
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.NewestVersion, endpoint: e =>
        {
            e.OnFailed = FailurePolicy.HoldEntity;
            e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromSeconds(15)));
        });
        _service.Script.AfterWrite = (order, run) => order.Amount == 2 && run == 1 ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(Placed("bad", 2), Placed("bad", 3));
        await _service.HasAsync(_service.Parked, 2);
        var delayed = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed));
        Assert.True(delayed.RetryRequested);
        Assert.NotNull(delayed.Message.RetryAt);

        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal([2, 3], _service.Script.Amounts("bad"));
    }

    [Fact]
    public async Task A_message_that_fails_again_is_parked_again()
    {
        await _service.ProduceAsync(Placed("bad", 2));
        await _service.HasAsync(_service.Parked, 1);
        var runs = _service.Script.Runs;
        var parked = Assert.Single(await Operations.ListParkedAsync());
        await Operations.RetryAsync(parked.Id, "hope");
        await Eventually.TrueAsync(async () => !Assert.Single(await Operations.ListParkedAsync()).RetryRequested, "it was tried again");

        Assert.True(_service.Script.Runs > runs);
        Assert.Equal(0, await _service.Shipments.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task A_discarded_message_stays_without_effect_also_when_it_comes_again()
    {
        await _service.ProduceAsync(Placed("bad", 2));
        await _service.HasAsync(_service.Parked, 1);
        Assert.True(await Operations.DiscardAsync(Assert.Single(await Operations.ListParkedAsync()).Id, "a test order"));
        _repaired = true;
        await _service.ProduceAsync(Placed("bad", 2), Placed("next", 1));
        await _service.HasAsync(_service.Shipments, 1);

        Assert.Empty(_service.Script.Amounts("bad"));
        Assert.Equal("discarded", (await _service.Inbox.Find(new BsonDocument("_id.messageId", "bad-2")).SingleAsync())["outcome"].AsString);
    }

    [Theory]
    [InlineData(true, new[] { 1, 2, 3 })]
    [InlineData(false, new[] { 1, 3 })]
    public async Task In_a_sequence_those_that_wait_go_on_behind_the_message_that_was_retried_or_discarded(bool retry, int[] expected)
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.Sequence);
        await _service.ProduceAsync(Placed("bad", 1), Placed("bad", 2), Placed("bad", 3));
        await _service.HasAsync(_service.Parked, 2);
        var failed = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Failed));
        var waiting = Assert.Single(await Operations.ListParkedAsync(reason: ParkReason.Gap));
        await Assert.ThrowsAsync<OutboxException>(() => Operations.DiscardAsync(waiting.Id, "it has no turn yet"));

        _repaired = true;
        Assert.True(retry ? await Operations.RetryAsync(failed.Id, "repaired") : await Operations.DiscardAsync(failed.Id, "not needed"));
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal(expected, _service.Script.Amounts("bad"));
    }

    [Fact]
    public async Task A_sequence_whose_first_version_was_discarded_goes_on_with_the_second()
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.Sequence);
        _service.Script.AfterWrite = (order, _) => order.Amount == 1 ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
        await _service.ProduceAsync(Placed("o", 1));
        await _service.HasAsync(_service.Parked, 1);
        await Operations.DiscardAsync(Assert.Single(await Operations.ListParkedAsync()).Id, "a test order");
        await _service.ProduceAsync(Placed("o", 2));
        await _service.HasAsync(_service.Shipments, 1);

        await _service.HasAsync(_service.Parked, 0);
    }

    [Fact]
    public async Task A_sequence_that_is_released_goes_on_without_what_is_missing()
    {
        await _service.DisposeAsync();
        await StartAsync(MessageOrdering.Sequence);
        await _service.ProduceAsync(Placed("o", 4), Placed("o", 3));
        await _service.HasAsync(_service.Parked, 2);
        var sequence = new Sequence($"{ConsumingService.Endpoint}-{_service.Topic}", _service.Topic, "o");

        Assert.True(await Operations.ReleaseAsync(sequence, "the first two are older than the service"));
        await _service.HasAsync(_service.Parked, 0);
        Assert.Equal([3, 4], _service.Script.Amounts("o"));
        Assert.False(await Operations.ReleaseAsync(sequence, "again"));
    }

    private static Confluent.Kafka.Message<string, byte[]> Placed(string order, int version) =>
        Wire.Message($"{order}-{version}", new OrderPlaced(order, version), version);

    private async ValueTask StartAsync(MessageOrdering ordering, string prefix = "", Action<ITopicEndpointConfigurator>? endpoint = null)
    {
        _service = await ConsumingService.StartAsync(t => t.Ordering = ordering, o => o.QueryDelay = TimeSpan.FromMilliseconds(100), prefix: prefix, endpoint: endpoint);
        _service.Script.AfterWrite = (order, _) =>
            order is { OrderId: "bad", Amount: 2 } && !_repaired ? throw new InvalidOperationException("no such address") : Task.CompletedTask;
    }
}

internal sealed class AuditConsumer(Action audit) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        audit();
        return Task.CompletedTask;
    }
}
