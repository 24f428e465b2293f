using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>A kill behind each single database command, and instances that do the same work at once.</summary>
[Trait("Broker", "none")]
public sealed class RebuildCrashTests : IAsyncLifetime
{
    private static readonly AccountList List = new("account-list");

    /// <summary>How much has been read after each page: they begin small.</summary>
    private static readonly long[] WholePages = [0, 50, 150, 350, 750, 1_050];

    private readonly string _database = $"t{Guid.NewGuid():N}";
    private readonly RelayIdentity _owner = new();
    private ProjectingInstance _first = null!;
    private ProjectingInstance _next = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await ProjectingInstance.StartAsync(_database, o => o.Projection(List), _owner);
        _next = await ProjectingInstance.StartAsync(_database, o => o.Projection(List), _owner);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _next.DisposeAsync();
    }

    [Fact]
    public async Task G15_a_rebuild_that_is_killed_behind_any_command_goes_on_where_it_was_and_repeats_nothing()
    {
        await AppendAsync(_first, accounts: 350, events: 3);
        var expected = await _first.FoldedAsync(List);
        var killed = true;
        var points = 0;
        for (var build = "account-list.v1"; killed; points++)
        {
            var current = build;
            killed = await Crash.AfterAsync(points, _next.Collections.Database, () => _first.ScanAsync(current));
            var before = await ReadAsync(current);
            await _next.ScanAsync(current);

            Assert.True((await _next.BuildAsync(current)).IsScanned, $"killed behind command {points}");
            Assert.True(expected == await _next.RowsOfAsync(current), $"killed behind command {points}");
            Assert.Equal(1_050, await ReadAsync(current));
            Assert.Contains(before, WholePages);
            Assert.Empty(await _next.ParkedAsync(current));
            build = await _next.AgainAsync(current);
        }

        Assert.InRange(points, 20, 60);
    }

    [Fact]
    public async Task G14_a_kill_behind_any_command_of_a_live_page_costs_nothing_and_repeats_nothing()
    {
        var killed = true;
        var points = 0;
        for (; killed; points++)
        {
            var id = $"k{points}";
            await _first.AppendAsync(id, new AccountOpened(id, "Ann"), new AmountBooked(id, 5), new AmountBooked(id, 6), new AmountBooked(id, 7));
            var messages = (await _first.KeptAsync()).Where(message => message.EntityId == id).ToList();
            killed = await Crash.AfterAsync(points, _next.Collections.Database, async () =>
            {
                await _first.ReceiveAsync("account-list.v1", messages[..2]);
                await _first.ReceiveAsync("account-list.v1", messages[3..]);
            });
            await _next.ReceiveAsync("account-list.v1", messages[..2]);
            await _next.ReceiveAsync("account-list.v1", messages[3..]);
            await _next.SweepAsync("account-list.v1");
        }

        Assert.Equal(await _next.FoldedAsync(List), await _next.RowsOfAsync("account-list.v1"));
        Assert.InRange(points, 10, 60);
    }

    [Fact]
    public async Task G15_of_two_instances_one_reads_the_history_and_the_other_goes_on_when_it_is_gone()
    {
        await using var other = await ProjectingInstance.StartAsync(_database, o => o.Projection(List));
        await AppendAsync(_first, accounts: 300, events: 4);
        var build = await _first.BuildAsync("account-list.v1");
        var scan = new BuildScan(_first.Collections, _owner, build, TimeSpan.FromSeconds(10));
        Assert.True(await scan.TakeAsync(CancellationToken.None));
        await other.ScanAsync(build.Id);
        Assert.False((await other.BuildAsync(build.Id)).IsScanned);

        await Servers.Eventually.TrueAsync(
            async () =>
            {
                await other.ScanAsync(build.Id);
                return (await other.BuildAsync(build.Id)).IsScanned;
            },
            "the lease of the first one is over");

        var page = (await _first.Get<Outbox.History.Storing.IHistoryStore>().ScanAsync("account", null, 500, CancellationToken.None).FirstAsync());
        await Assert.ThrowsAsync<LeaseLostException>(() => _first.Pages.ScanAsync(scan, page, CancellationToken.None));
        Assert.Equal(await other.FoldedAsync(List), await other.RowsOfAsync(build.Id));
        Assert.Equal(1_200, await ReadAsync(build.Id));
    }

    /// <summary>A page of the history and live pages of the same entities meet in the same documents.</summary>
    [Fact]
    public async Task G15_a_rebuild_and_live_pages_of_the_same_entities_at_once_make_the_same_rows()
    {
        await using var other = await ProjectingInstance.StartAsync(_database, o => o.Projection(List));
        await AppendAsync(_first, accounts: 60, events: 5);
        var messages = await _first.KeptAsync();
        await Task.WhenAll(
            _first.ScanAsync("account-list.v1"),
            Task.Run(async () =>
            {
                foreach (var page in messages.Reverse().Chunk(40))
                {
                    await other.ReceiveAsync("account-list.v1", page);
                }
            }));
        await other.SweepAsync("account-list.v1");

        Assert.Equal(await other.FoldedAsync(List), await other.RowsOfAsync("account-list.v1"));
        Assert.Empty(await other.ParkedAsync("account-list.v1"));
    }

    private static async Task AppendAsync(ProjectingInstance instance, int accounts, int events)
    {
        for (var n = 0; n < accounts; n++)
        {
            var id = $"k{n}";
            await instance.AppendAsync(id, [new AccountOpened(id, "Ann"), .. Enumerable.Range(1, events - 1).Select(amount => new AmountBooked(id, amount))]);
        }
    }

    private async Task<long> ReadAsync(string build) =>
        (await _next.Collections.Projections.Find(new BsonDocument("_id", build)).SingleAsync())["read"].ToInt64();
}
