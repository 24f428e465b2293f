using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Projecting;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Rows that are written in the transaction of their events.</summary>
[Trait("Broker", "none")]
public sealed class InlineTests : IAsyncLifetime
{
    private const string Build = "account-list.v1";

    private readonly string _database = $"t{Guid.NewGuid():N}";
    private AccountList _list = null!;
    private ProjectingInstance _instance = null!;
    private bool _isBroken;

    public async ValueTask InitializeAsync()
    {
        _list = new AccountList("account-list", fails: info => _isBroken && info.Version == 2);
        _instance = await StartAsync();
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task G14_rows_are_there_when_the_transaction_of_their_events_is_and_not_when_it_is_not()
    {
        await ReadyAsync();
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        Assert.Equal(5, (await _instance.Rows.FindAsync("a"))!.Balance);

        var outbox = _instance.Get<IOutbox>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.ExecuteAsync(async (tx, ct) =>
        {
            await tx.AppendAsync<Account>("a", Outbox.History.Expected.Any, [new AmountBooked("a", 9)], ct);
            throw new InvalidOperationException("changed my mind");
        }));
        Assert.Equal(5, (await _instance.Rows.FindAsync("a"))!.Balance);
        await _instance.Rows.WaitForAsync("a", 2).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task G14_many_writers_of_one_entity_leave_the_row_that_all_its_events_make()
    {
        await ReadyAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => _instance.AppendAsync($"k{n % 2}", new AccountOpened($"k{n % 2}", "Ann"), new AmountBooked($"k{n % 2}", n))));

        Assert.Equal(await _instance.FoldedAsync(_list), await _instance.RowsOfAsync(Build));
    }

    [Fact]
    public async Task G14_an_event_that_cannot_be_projected_does_not_fail_its_transaction_and_comes_later()
    {
        await ReadyAsync();
        _isBroken = true;
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        await _instance.AppendAsync("a", new AmountBooked("a", 6));
        await _instance.SweepAsync(Build);
        Assert.Equal(["a 2 failed"], await _instance.ParkedAsync(Build));
        Assert.Equal(3, (await _instance.KeptAsync()).Count);

        _isBroken = false;
        await _instance.Projections.RetryParkedAsync("account-list", "repaired");
        await _instance.SweepAsync(Build);

        Assert.Equal(await _instance.FoldedAsync(_list), await _instance.RowsOfAsync(Build));
        Assert.Empty(await _instance.ParkedAsync(Build));
    }

    [Fact]
    public async Task G15_an_inline_version_that_is_rebuilt_while_others_write_has_all_events()
    {
        await ReadyAsync();
        await using var other = await StartAsync();
        var builds = _instance.Get<MongoProjectionBuilds>();
        for (var n = 0; n < 40; n++)
        {
            await _instance.AppendAsync($"k{n}", new AccountOpened($"k{n}", "Ann"));
        }

        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                await other.AppendAsync($"k{n % 50}", new AmountBooked("", n));
            }
        });
        var again = await builds.AddAsync((await _instance.BuildAsync(Build)).Registration, "again", CancellationToken.None);
        await _instance.ScanAsync(again);
        await stop.CancelAsync();
        await writing;
        await _instance.SweepAsync(again);

        Assert.Equal(await _instance.FoldedAsync(_list), await _instance.RowsOfAsync(again));
        Assert.Equal(await _instance.RowsOfAsync(Build), await _instance.RowsOfAsync(again));
    }

    /// <summary>Its snapshot is from before there was a build, so it writes nothing to it.</summary>
    [Fact]
    public async Task G15_what_a_transaction_writes_that_began_before_the_build_was_there_is_found_by_the_second_reading()
    {
        await ReadyAsync();
        var (began, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = _instance.Get<IOutbox>().ExecuteAsync(async (tx, ct) =>
        {
            await _instance.Collections.Projections.Find(tx.Session, FilterDefinition<MongoDB.Bson.BsonDocument>.Empty).ToListAsync(ct);
            began.TrySetResult();
            await goOn.Task;
            await tx.AppendAsync<Account>("late", Outbox.History.Expected.Any, [new AccountOpened("late", "Ann")], ct);
        });
        await began.Task;
        await using var patient = await StartAsync(settling: 8);
        var again = await _instance.Get<MongoProjectionBuilds>().AddAsync((await _instance.BuildAsync(Build)).Registration, "again", CancellationToken.None);
        var scanning = patient.ScanAsync(again);
        await Servers.Eventually.TrueAsync(
            async () => (await _instance.Collections.Projections.Find(new MongoDB.Bson.BsonDocument("_id", again)).SingleAsync()).Contains("second"), "the history was read once");
        goOn.SetResult();
        await writing;
        await scanning;

        Assert.Contains("late", await _instance.RowsOfAsync(again));
    }

    [Fact]
    public async Task An_enlisted_transaction_is_refused_with_what_to_use()
    {
        await ReadyAsync();
        using var session = await _instance.Collections.Database.Client.StartSessionAsync();
        session.StartTransaction();
        var enlisted = _instance.Get<IOutbox>().Enlist(session);

        var refused = Assert.Throws<OutboxException>(() => enlisted.Publish(new AccountOpened("a", "Ann"), "a", 1));
        Assert.Contains("outbox.ExecuteAsync", refused.Message);
    }

    private async Task ReadyAsync()
    {
        await _instance.ScanAsync(Build);
        for (var look = 0; look < 2; look++)
        {
            await _instance.Pass.RunAsync(CancellationToken.None);
        }
    }

    private Task<ProjectingInstance> StartAsync(int settling = 1) => ProjectingInstance.StartAsync(_database, o => o.Projection(_list, p =>
    {
        p.Inline = true;
        p.Settling = TimeSpan.FromSeconds(settling);
    }));
}
