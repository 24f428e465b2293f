using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.Inbox.Replaying;
using Outbox.Integration.Tests.History.Keeping;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Replaying;

/// <summary>An endpoint that processes again what it has processed. The consumer's total is not version-checked on purpose: it tells how often each message took effect.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private const int Orders = 8;
    private TestPlace _place = null!;

    public async ValueTask InitializeAsync() => _place = await TestPlace.SharedAsync(partitions: 2);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task G15_a_replay_processes_everything_once_more_says_so_and_publishes_only_what_is_meant_for_it()
    {
        await using var service = await ReplayedInstance.StartAsync(_place);
        await ProduceAsync(version: 1);
        await service.RanAsync(Orders);

        Assert.Equal(1, await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong"));
        await Assert.ThrowsAsync<OutboxException>(() => service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "once more"));
        await service.DoneAsync();

        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 1), run.Value));
        Assert.Equal((Orders, 2 * Orders), (await service.PublishedAsync("quiet"), await service.PublishedAsync("loud")));

        await ProduceAsync(version: 2);
        await service.RanAsync(3 * Orders);
        Assert.All((await service.CountAsync()).Where(run => run.Key.EndsWith("/2", StringComparison.Ordinal)), run => Assert.Equal((1, 0), run.Value));
        Assert.Equal(2 * Orders, await service.PublishedAsync("quiet"));
    }

    /// <summary>A consumer that makes an entity, and others that change one, do it once.</summary>
    [Fact]
    public async Task G15_what_a_consumer_appends_to_history_is_left_out_in_a_replay()
    {
        await using var service = await ReplayedInstance.StartAsync(_place);
        service.Consumer.Work = async (tx, message) =>
        {
            var id = $"{message.OrderId}-{message.Amount}";
            await tx.SaveAsync(new Wallet($"made-{id}", "Ann"));
            var loaded = await tx.FindAsync<Wallet>($"loaded-{message.OrderId}") ?? new Wallet($"loaded-{message.OrderId}", "Ann");
            loaded.Add(1);
            await tx.SaveAsync(loaded);
            await tx.AppendAsync<Wallet>($"appended-{id}", Expected.New, [new WalletOpened("", "Ann")]);
            await tx.DecideAsync($"decided-{message.OrderId}", new PurseDecider(), new Spend(0));
        };
        await ProduceAsync(version: 1);
        await service.RanAsync(Orders);
        Assert.Equal(5 * Orders, await service.KeptAsync());

        await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await service.DoneAsync();

        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 1), run.Value));
        Assert.Equal(5 * Orders, await service.KeptAsync());

        await ProduceAsync(version: 2);
        await service.RanAsync(3 * Orders);
        Assert.Equal(9 * Orders, await service.KeptAsync());
    }

    [Fact]
    public async Task G15_instances_share_a_replay_and_each_message_takes_effect_once_more_also_when_one_of_them_ends()
    {
        await using var first = await ReplayedInstance.StartAsync(_place);
        await using var second = await ReplayedInstance.StartAsync(_place);
        await ProduceAsync(version: 1);
        await first.RanAsync(Orders);

        await first.Replays.StartAsync(first.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await Eventually.TrueAsync(async () => await first.Replays.FindAsync(first.Group) is { Phase: not ReplayPhase.Pausing }, "all have stopped");
        await first.StopAsync();
        await second.DoneAsync();

        Assert.All(await second.CountAsync(), run => Assert.Equal((1, 1), run.Value));
        Assert.Equal(Orders, await second.PublishedAsync("quiet"));
    }

    [Fact]
    public async Task G15_what_had_failed_or_had_no_record_any_more_is_told_from_what_was_processed()
    {
        await using var service = await ReplayedInstance.StartAsync(_place);
        service.Consumer.Failing["o1"] = true;
        await ProduceAsync(version: 1);
        await service.RanAsync(Orders - 1);
        var parked = service.Database.GetCollection<BsonDocument>("inbox.parked");
        await Eventually.TrueAsync(async () => await parked.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 1, "one is parked");
        await CommittedAsync(service, Orders);
        await service.Database.GetCollection<BsonDocument>("inbox").DeleteManyAsync(new BsonDocument("_id.messageId", "o2-1"));
        service.Consumer.Failing.Clear();

        await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await service.DoneAsync();

        var runs = await service.CountAsync();
        Assert.Equal((1, 0), runs["o1/1"]);
        Assert.Equal((1, 1), runs["o2/1"]);
        Assert.Equal(Orders, await service.PublishedAsync("quiet"));
    }

    [Fact]
    public async Task G15_a_replay_begins_where_it_was_told_to()
    {
        await using var service = await ReplayedInstance.StartAsync(_place);
        await ProduceAsync(version: 1);
        await service.RanAsync(Orders);
        await CommittedAsync(service, Orders);
        var ends = KafkaLog.Read(_place.Kafka, _place.Topic).GroupBy(record => record.Partition.Value).Select(end => new PartitionOffset(_place.Topic, end.Key, end.Count())).ToList();
        await ProduceAsync(version: 2);
        await service.RanAsync(2 * Orders);

        await service.Replays.StartAsync(service.Group, ReplayFrom.At(ends), "the consumer was wrong since then");
        await service.DoneAsync();

        Assert.All(await service.CountAsync(), run => Assert.Equal(run.Key.EndsWith("/2", StringComparison.Ordinal) ? (1, 1) : (1, 0), run.Value));
    }

    [Fact]
    public async Task G15_a_sequence_is_replayed_from_its_first_version_and_not_from_the_middle()
    {
        await using var service = await ReplayedInstance.StartAsync(_place, MessageOrdering.Sequence);
        await ProduceAsync(version: 1);
        await ProduceAsync(version: 2);
        await service.RanAsync(2 * Orders);

        await Assert.ThrowsAsync<OutboxException>(() => service.Replays.StartAsync(service.Group, ReplayFrom.Since(DateTimeOffset.UtcNow), "too late"));
        await service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "the consumer was wrong");
        await service.DoneAsync();

        await service.RanAsync(4 * Orders);
        Assert.All(await service.CountAsync(), run => Assert.Equal((1, 1), run.Value));
    }

    [Fact]
    public async Task G15_a_snapshot_is_restored_with_its_offsets_and_what_came_after_it_takes_effect_once()
    {
        await using var service = await ReplayedInstance.StartAsync(_place);
        await ProduceAsync(version: 1);
        await service.RanAsync(Orders);
        var id = await service.Replays.SnapshotAsync(service.Group, ["totals"], "before the release");
        await service.DoneAsync();
        await ProduceAsync(version: 2);
        await service.RanAsync(2 * Orders);
        await service.Totals.UpdateManyAsync(FilterDefinition<BsonDocument>.Empty, Builders<BsonDocument>.Update.Set("total", 1_000L));
        await service.Totals.InsertOneAsync(new BsonDocument { { "_id", "garbage" }, { "total", 1L } });

        await service.Replays.StartAsync(service.Group, ReplayFrom.OfSnapshot(id), "the release was wrong");
        await service.DoneAsync();

        for (var order = 0; order < Orders; order++)
        {
            Assert.Equal(3, await service.TotalAsync($"o{order}"));
        }

        Assert.Equal(0, await service.TotalAsync("garbage"));
        Assert.Equal(2 * Orders, await service.PublishedAsync("quiet"));
        Assert.All(await service.CountAsync(), run => Assert.Equal(run.Key.EndsWith("/2", StringComparison.Ordinal) ? (1, 1) : (1, 0), run.Value));
        Assert.Equal(id, Assert.Single(await service.Replays.ListSnapshotsAsync(service.Group)).Id);
        Assert.True(await service.Replays.DeleteSnapshotAsync(id));
        Assert.DoesNotContain((await (await service.Database.ListCollectionNamesAsync()).ToListAsync()), name => name.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshots_are_taken_on_a_schedule_and_the_last_ones_are_kept()
    {
        await using var service = await ReplayedInstance.StartAsync(_place, endpoint: e => e.SnapshotEvery(TimeSpan.FromSeconds(1), "totals"));
        await ProduceAsync(version: 1);
        await Eventually.TrueAsync(async () => (await service.Replays.FindAsync(service.Group))?.Generation >= 5, "five were taken");

        Assert.InRange((await service.Replays.ListSnapshotsAsync(service.Group)).Count, 3, 5);
        await service.RanAsync(Orders);
    }

    [Fact]
    public async Task G15_what_cannot_be_replayed_is_refused()
    {
        await using var service = await ReplayedInstance.StartAsync(_place, batches: true);
        await Eventually.TrueAsync(async () => await service.Database.GetCollection<BsonDocument>("inbox.endpoints").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty) == 1, "the instance is known");

        Assert.Contains("batches", (await Assert.ThrowsAsync<OutboxException>(() => service.Replays.StartAsync(service.Group, ReplayFrom.Beginning, "why"))).Message, StringComparison.Ordinal);
        Assert.Contains("No instance", (await Assert.ThrowsAsync<OutboxException>(() => service.Replays.StartAsync("nobody", ReplayFrom.Beginning, "why"))).Message, StringComparison.Ordinal);
        Assert.Contains("no snapshot", (await Assert.ThrowsAsync<OutboxException>(() => service.Replays.StartAsync(service.Group, ReplayFrom.OfSnapshot("x"), "why"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OutboxException>(() => service.Replays.SnapshotAsync(service.Group, ["outbox"], "why"));
    }

    internal static async Task ProduceAsync(TestPlace place, int version, int orders)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = place.Kafka, EnableIdempotence = true }).Build();
        for (var order = 0; order < orders; order++)
        {
            await producer.ProduceAsync(place.Topic, Wire.Message($"o{order}-{version}", new OrderPlaced($"o{order}", version), version));
        }
    }

    private Task ProduceAsync(int version) => ProduceAsync(_place, version, Orders);

    private async Task CommittedAsync(ReplayedInstance service, long offsets)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = _place.Kafka, GroupId = service.Group }).Build();
        var partitions = new[] { 0, 1 }.Select(partition => new TopicPartition(_place.Topic, partition)).ToList();
        await Eventually.TrueAsync(
            () => Task.FromResult(consumer.Committed(partitions, TimeSpan.FromSeconds(10)).Sum(offset => Math.Max(0, offset.Offset.Value)) == offsets), "the offsets are committed");
    }
}
