using CsCheck;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Pages of events, live and from the history, without a transport.</summary>
[Trait("Broker", "none")]
public sealed class PageTests : IAsyncLifetime
{
    private const string Build = "account-list.v1";

    private static readonly AccountList List = new("account-list");

    private readonly string _database = $"t{Guid.NewGuid():N}";
    private ProjectingInstance _instance = null!;

    public async ValueTask InitializeAsync() => _instance = await ProjectingInstance.StartAsync(_database, o => o.Projection(List));

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task G14_a_row_is_the_fold_of_its_entitys_events_and_is_gone_when_the_fold_says_so()
    {
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5), new StatementSent("a"), new AmountBooked("a", 7));
        await _instance.AppendAsync("b", new AccountOpened("b", "Bob"), new AccountClosed("b"));
        await _instance.ScanAsync(Build);

        Assert.Equal(new AccountRow("a", "Ann", 22, "o1 2 4 ", 1).ToString(), await _instance.RowsOfAsync(Build));
        Assert.Equal(await _instance.FoldedAsync(List), await _instance.RowsOfAsync(Build));
    }

    [Fact]
    public async Task G14_the_same_page_again_changes_nothing()
    {
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        var messages = await _instance.KeptAsync();

        Assert.Equal([OutcomeKind.Projected, OutcomeKind.Projected], await _instance.ReceiveAsync(Build, messages));
        var rows = await _instance.RowsOfAsync(Build);
        Assert.Equal([OutcomeKind.Stale, OutcomeKind.Stale], await _instance.ReceiveAsync(Build, messages));

        Assert.Equal(rows, await _instance.RowsOfAsync(Build));
    }

    [Fact]
    public async Task G14_an_event_that_comes_before_others_of_its_entity_has_them_read_from_the_history()
    {
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5), new AmountBooked("a", 7));
        var messages = await _instance.KeptAsync();

        Assert.Equal([OutcomeKind.Noted], await _instance.ReceiveAsync(Build, [messages[2]]));

        Assert.Equal(await _instance.FoldedAsync(List), await _instance.RowsOfAsync(Build));
    }

    /// <summary>What a crash between a page and the reading that it asked for leaves: the page was committed, so nobody brings the event again.</summary>
    [Fact]
    public async Task G14_an_entity_that_nobody_has_read_from_the_history_yet_is_found_again()
    {
        var (killed, healed) = (true, 0);
        for (var commands = 0; killed; commands++)
        {
            var id = $"k{commands}";
            await _instance.AppendAsync(id, new AccountOpened(id, "Ann"), new AmountBooked(id, 5), new AmountBooked(id, 7));
            var last = (await _instance.KeptAsync()).Single(message => message.EntityId == id && message.Version == 3);
            killed = await Crash.AfterAsync(commands, _instance.Collections.Database, () => _instance.ReceiveAsync(Build, [last]));
            var isMarked = await _instance.IsMarkedAsync(Build, id);
            await _instance.SweepAsync(Build);
            healed += isMarked ? 1 : 0;
            Assert.Equal(isMarked || !killed, (await _instance.RowsOfAsync(Build)).Contains($"Id = {id},", StringComparison.Ordinal));
        }

        Assert.InRange(healed, 2, 20);
    }

    [Fact]
    public Task G15_a_rebuild_makes_the_rows_that_live_pages_made_in_whatever_order_and_however_often_they_came()
    {
        var account = Gen.Int[0, 3];
        var change = Gen.Select(account, Gen.Int[0, 9], (id, what) => ($"k{id}", what));
        var delivery = Gen.Select(Gen.Int[0, 99], Gen.Int[1, 7], (from, size) => (from, size)).Array[0, 12];
        return Gen.Select(change.Array[1, 30], delivery).SampleAsync(
            async (changes, deliveries) =>
            {
                await using var instance = await ProjectingInstance.StartAsync($"t{Guid.NewGuid():N}", o => o.Projection(List));
                foreach (var (id, what) in changes)
                {
                    await instance.AppendAsync(id, EventOf(id, what));
                }

                var messages = await instance.KeptAsync();
                foreach (var (from, size) in deliveries)
                {
                    await instance.ReceiveAsync(Build, messages.Skip(from % messages.Count).Take(size).Reverse());
                }

                await instance.ReceiveAsync(Build, messages);
                var again = await instance.AgainAsync(Build);
                await instance.ScanAsync(again);
                await instance.ScanAsync(Build);

                Assert.Equal(await instance.FoldedAsync(List), await instance.RowsOfAsync(Build));
                Assert.Equal(await instance.RowsOfAsync(Build), await instance.RowsOfAsync(again));
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task G15_nothing_is_published_by_a_projection()
    {
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"));
        var before = await _instance.Collections.OutboxDocuments.CountDocumentsAsync("{}");
        await _instance.ScanAsync(Build);
        await _instance.ReceiveAsync(Build, await _instance.KeptAsync());

        Assert.Equal(before, await _instance.Collections.OutboxDocuments.CountDocumentsAsync("{}"));
    }

    internal static object EventOf(string id, int what) => what switch
    {
        0 => new AccountClosed(id),
        1 or 2 => new AccountOpened(id, $"owner{what}"),
        3 => new StatementSent(id),
        _ => new AmountBooked(id, what),
    };
}
