using Outbox.Capture;
using Outbox.History;
using Outbox.History.Projecting;
using Outbox.Integration.Tests.Conformance;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Rebuilding;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Rows that are written in the transaction of their events, as a reader sees them, whatever store they are in.</summary>
public abstract class ReadModelConformance(StoreKind kind) : ConformanceSuite(kind, Configure)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private IReadModel<AccountRow> Rows => Store.Get<IReadModel<AccountRow>>();

    [Fact]
    public async Task G14_a_row_is_there_with_its_events_whoever_reads_it_and_gone_when_they_say_so()
    {
        await ReadyAsync();
        await AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 5));
        await AppendAsync("a", new StatementSent("a"), new AmountBooked("a", 2));
        await AppendAsync("b", new AccountOpened("b", "Bo"));

        await Rows.WaitForAsync("a", 4).WaitAsync(Limit);
        Assert.Equal(new AccountRow("a", "Ann", 17, "o1 2 4 ", 1), await Rows.FindAsync("a"));
        Assert.Equal("Bo", (await Rows.FindAsync("b"))!.Owner);
        Assert.Null(await Rows.FindAsync("nobody"));

        await AppendAsync("a", new AccountClosed("a"));
        await Rows.WaitForAsync("a", 5).WaitAsync(Limit);
        Assert.Null(await Rows.FindAsync("a"));
    }

    [Fact]
    public async Task G14_a_transaction_that_fails_leaves_no_row()
    {
        await ReadyAsync();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await tx.AppendAsync<Account>("a", Expected.New, [new AccountOpened("a", "Ann")], ct);
            throw new InvalidTimeZoneException();
        }));

        Assert.Null(await Rows.FindAsync("a"));
        await AppendAsync("a", new AccountOpened("a", "Anna"));
        Assert.Equal("Anna", (await Rows.FindAsync("a"))!.Owner);
    }

    [Fact]
    public async Task G14_an_event_whose_fold_fails_holds_up_its_entity_and_no_transaction_and_no_other_row()
    {
        await ReadyAsync();
        await AppendAsync("poison", new AccountOpened("poison", "Ann"), new AmountBooked("poison", 5));
        await AppendAsync("poison", new AmountBooked("poison", 6));
        await AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 6));

        Assert.Equal("o1 ", (await Rows.FindAsync("poison"))!.Path);
        Assert.Equal("o1 2 ", (await Rows.FindAsync("a"))!.Path);
    }

    [Fact]
    public async Task G14_writers_of_one_entity_make_the_row_of_all_its_events_in_their_order()
    {
        await ReadyAsync();
        await AppendAsync("a", new AccountOpened("a", "Ann"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => AppendAsync("a", new AmountBooked("a", n))));

        await Rows.WaitForAsync("a", 11).WaitAsync(Limit);
        Assert.Equal("o1 2 3 4 5 6 7 8 9 10 11 ", (await Rows.FindAsync("a"))!.Path);
    }

    private static void Configure(OutboxConfigurator o)
    {
        ProjectingInstance.ConfigureTopic(o);
        o.Projection(new AccountList("account-list", fails: info => info is { EntityId: "poison", Version: 2 }), p => (p.Inline, p.Settling) = (true, TimeSpan.Zero));
    }

    private Task AppendAsync(string account, params object[] events) => ProjectingInstance.AppendAsync(Store.Outbox, account, events);

    /// <summary>A store that builds its rows first has built them.</summary>
    private async Task ReadyAsync()
    {
        if (Rows is not MongoDb.History.Projecting.Reading.MongoReadModel<AccountRow>)
        {
            return;
        }

        var pass = Store.Get<ProjectionPass>();
        await pass.RunAsync(CancellationToken.None);
        await pass.FinishAsync();
        await pass.RunAsync(CancellationToken.None);
        await pass.RunAsync(CancellationToken.None);
        Assert.NotNull(await Store.Get<MongoProjectionBuilds>().ActiveAsync("account-list", CancellationToken.None));
    }
}

public sealed class InMemoryReadModelTests() : ReadModelConformance(StoreKind.InMemory);

public sealed class MongoReadModelTests() : ReadModelConformance(StoreKind.MongoDb);
