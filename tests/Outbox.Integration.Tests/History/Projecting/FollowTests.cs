using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Read models behind Kafka, as services run them.</summary>
public sealed class FollowTests : IAsyncLifetime
{
    private readonly string _name = $"list-{Guid.NewGuid():N}";
    private TestPlace _place = null!;

    public async ValueTask InitializeAsync() => _place = await TestPlace.SharedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task G14_a_row_follows_its_entitys_events_through_Kafka_and_a_writer_waits_for_its_own()
    {
        await using var service = await StartAsync(new AccountList(_name));
        await service.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        await service.WaitAsync("a", 2);
        Assert.Equal(5, (await service.Rows.FindAsync("a"))!.Balance);

        await service.AppendAsync("a", new StatementSent("a"), new AmountBooked("a", 2));
        await service.WaitAsync("a", 4);
        Assert.Equal(17, (await service.Rows.FindAsync("a"))!.Balance);

        await service.AppendAsync("a", new AccountClosed("a"));
        await service.WaitAsync("a", 5);
        Assert.Null(await service.Rows.FindAsync("a"));
        Assert.Equal(0, await (await service.Rows.CollectionAsync()).CountDocumentsAsync("{}"));
    }

    [Fact]
    public async Task Its_lag_and_how_far_a_rebuild_is_are_shown()
    {
        await using var service = await StartAsync(new AccountList(_name));
        using var measured = new Measured(service.Services);
        await service.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        await service.WaitAsync("a", 2);

        await measured.BecomesAsync($"outbox.projection.lag projection={_name}.v1", 0);
        await measured.BecomesAsync($"outbox.projection.rebuild.progress projection={_name}.v1", 1);
    }

    [Fact]
    public async Task G15_a_rebuild_while_others_write_has_all_their_events_and_readers_see_one_whole_version()
    {
        await using var before = await StartAsync(new AccountList(_name));
        await WriteAsync(before, 0, 400);
        await before.WaitAllAsync();

        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(before, 400, int.MaxValue, stop.Token);
        await using var after = await StartAsync(new AccountList(_name, version: 2));
        var versions = await ReadUntilSwitchedAsync(after);
        await stop.CancelAsync();
        await writing;

        await after.WaitAllAsync();
        Assert.Equal([1, 2], versions);
        Assert.Equal(await after.FoldedAsync(new AccountList(_name, version: 2)), await after.RowsOfAsync($"{_name}.v2"));
        Assert.Empty(await after.ParkedAsync($"{_name}.v2"));
    }

    [Fact]
    public async Task G15_a_service_that_is_stopped_while_it_rebuilds_goes_on_when_it_is_back()
    {
        await using (var writer = await StartAsync(null))
        {
            await WriteAsync(writer, 0, 600);
        }

        await using (await StartAsync(new AccountList(_name)))
        {
            // Stopped wherever it is.
        }

        await using var next = await StartAsync(new AccountList(_name));
        await next.WaitAllAsync();

        Assert.Equal(await next.FoldedAsync(new AccountList(_name)), await next.RowsOfAsync($"{_name}.v1"));
    }

    [Fact]
    public async Task G15_two_instances_share_the_work_and_leave_each_row_once()
    {
        await using var one = await StartAsync(new AccountList(_name));
        await using var other = await StartAsync(new AccountList(_name));
        await Task.WhenAll(WriteAsync(one, 0, 150), WriteAsync(other, 1_000, 1_150));
        await one.WaitAllAsync();

        Assert.Equal(await one.FoldedAsync(new AccountList(_name)), await one.RowsOfAsync($"{_name}.v1"));
    }

    [Fact]
    public async Task G15_another_service_builds_its_rows_from_the_beginning_of_the_topic()
    {
        await using var owner = await StartAsync(null);
        await WriteAsync(owner, 0, 200);
        await using var reader = await StartReaderAsync(new AccountList(_name));
        await WriteAsync(owner, 200, 260);
        await reader.WaitAllAsync(owner);

        Assert.Equal(await owner.FoldedAsync(new AccountList(_name)), await reader.RowsOfAsync($"{_name}.v1"));
    }

    [Fact]
    public async Task G14_behind_Kafka_alone_an_event_that_fails_is_parked_and_its_entitys_later_ones_wait_for_it()
    {
        var isBroken = true;
        var list = new AccountList(_name, fails: info => isBroken && info is { EntityId: "b", Version: 2 });
        await using var owner = await StartAsync(null);
        await using var reader = await StartReaderAsync(list);
        await owner.AppendAsync("b", new AccountOpened("b", "Bob"), new AmountBooked("b", 1), new AmountBooked("b", 2));
        await owner.AppendAsync("c", new AccountOpened("c", "Cid"));
        await reader.WaitAsync("c", 1);
        await Eventually.TrueAsync(async () => (await reader.ParkedAsync($"{_name}.v1")).SequenceEqual(["b 2 failed", "b 3 gap"]), "it is parked");
        Assert.Equal(0, (await reader.Rows.FindAsync("b"))!.Balance);

        isBroken = false;
        await reader.Projections.RetryParkedAsync(_name, "repaired");
        await reader.WaitAsync("b", 3);

        Assert.Equal(await owner.FoldedAsync(list), await reader.RowsOfAsync($"{_name}.v1"));
        await Eventually.TrueAsync(async () => (await reader.ParkedAsync($"{_name}.v1")).Count == 0, "nothing is parked");
    }

    [Fact]
    public async Task G14_a_record_that_cannot_be_read_is_parked_and_the_history_stands_in_for_it()
    {
        await using var service = await StartAsync(new AccountList(_name));
        await service.AppendAsync("a", new AccountOpened("a", "Ann"));
        await service.WaitAsync("a", 1);
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _place.Kafka }).Build())
        {
            await producer.ProduceAsync(_place.Topic, new Message<string, string> { Key = "a", Value = "{ no envelope", Headers = [new Header("type", "amount-booked"u8.ToArray())] });
        }

        await service.AppendAsync("a", new AmountBooked("a", 5));
        await service.WaitAsync("a", 2);
        await Eventually.TrueAsync(async () => (await service.ParkedCountAsync($"{_name}.v1")) == 1, "the record is parked");
    }

    private static async Task WriteAsync(ProjectingService service, int from, int to, CancellationToken stop = default)
    {
        for (var n = from; n < to && !stop.IsCancellationRequested; n++)
        {
            var id = $"k{n % 100}";
            await service.AppendAsync(id, n % 100 == 7 ? new AccountClosed(id) : n < 200 ? new AccountOpened(id, $"owner{n}") : new AmountBooked(id, n % 10));
        }
    }

    /// <summary>Reads one row again and again.</summary>
    /// <returns>The versions that it was of.</returns>
    private static async Task<List<int>> ReadUntilSwitchedAsync(ProjectingService service)
    {
        var versions = new List<int>();
        await Eventually.TrueAsync(
            async () =>
            {
                var row = (await service.Rows.FindAsync("k5"))!;
                if (!versions.Contains(row.Schema))
                {
                    versions.Add(row.Schema);
                }

                var rows = await (await service.Rows.CollectionAsync()).Find("{}").ToListAsync();
                Assert.Single(rows.Select(each => each.Schema).Distinct());
                Assert.Equal(99, rows.Count);
                return versions.Contains(2);
            },
            "the new version is in use");
        return versions;
    }

    private Task<ProjectingService> StartAsync(Projection? projection) => ProjectingService.StartAsync(_place, projection, keepsHistory: true);

    private Task<ProjectingService> StartReaderAsync(Projection projection) =>
        ProjectingService.StartAsync(_place with { Database = $"{_place.Database}r" }, projection, keepsHistory: false);
}
