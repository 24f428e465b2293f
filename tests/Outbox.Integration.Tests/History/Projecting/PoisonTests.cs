using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.Integration.Tests.Servers;
using Outbox.Operations.Seeing;

namespace Outbox.Integration.Tests.History.Projecting;

/// <summary>Events whose folds fail.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const string Build = "account-list.v1";

    private readonly string _database = $"t{Guid.NewGuid():N}";
    private ProjectingInstance _instance = null!;
    private AccountList _list = null!;
    private bool _isBroken = true;

    public async ValueTask InitializeAsync()
    {
        _list = new AccountList("account-list", fails: info => _isBroken && info is { EntityId: "b", Version: 2 });
        _instance = await ProjectingInstance.StartAsync(_database, o => o.Projection(_list));
        await _instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 1));
        await _instance.AppendAsync("b", new AccountOpened("b", "Bob"), new AmountBooked("b", 2), new AmountBooked("b", 3));
        await _instance.AppendAsync("c", new AccountOpened("c", "Cid"), new AmountBooked("c", 4));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G14_an_event_that_cannot_be_projected_is_parked_and_holds_up_its_entity_alone(bool fromHistory)
    {
        await ProjectAsync(fromHistory);

        Assert.Equal(["b 2 failed"], await _instance.ParkedAsync(Build));
        Assert.Equal("a 1, b 0, c 4", await BalancesAsync());

        var status = Assert.Single(await _instance.Projections.StatusAsync());
        Assert.Equal((1, fromHistory), (status.Parked, status.IsScanned));
    }

    [Fact]
    public async Task A_read_model_that_has_parked_something_is_no_endpoint_without_instances()
    {
        await ProjectAsync(fromHistory: false);

        var seen = await _instance.Get<IOutboxOverview>().ReadAsync();

        Assert.Equal((Build, 1L, true), seen.Endpoints!.Select(endpoint => (endpoint.Endpoint, endpoint.Failed, endpoint.IsReadModel)).Single());
        Assert.DoesNotContain(seen.Findings, finding => finding.Code == OverviewCodes.EndpointGone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G14_when_its_fold_is_repaired_it_is_projected_with_all_that_came_behind_it(bool fromHistory)
    {
        await ProjectAsync(fromHistory);
        await _instance.AppendAsync("b", new AmountBooked("b", 4));
        Assert.Equal([OutcomeKind.Noted], await _instance.ReceiveAsync(Build, [(await _instance.KeptAsync()).Single(message => message is { EntityId: "b", Version: 4 })]));
        Assert.Equal(1, await _instance.Projections.RetryParkedAsync("account-list", "once more, in vain"));
        await _instance.SweepAsync(Build);
        Assert.Equal(["b 2 failed"], await _instance.ParkedAsync(Build));
        Assert.Equal(2, (await _instance.Collections.InboxParked.Find(new BsonDocument("endpoint", Build)).SingleAsync())["attempts"].ToInt32());

        _isBroken = false;
        Assert.Equal(1, await _instance.Projections.RetryParkedAsync("account-list", "repaired"));
        await _instance.SweepAsync(Build);

        Assert.Empty(await _instance.ParkedAsync(Build));
        Assert.Equal(await _instance.FoldedAsync(_list), await _instance.RowsOfAsync(Build));
    }

    [Fact]
    public async Task G14_when_it_is_given_up_what_came_behind_it_goes_on()
    {
        await ProjectAsync(fromHistory: true);

        Assert.Equal(1, await _instance.Projections.SkipParkedAsync("account-list", "nobody needs it"));
        await _instance.SweepAsync(Build);

        Assert.Empty(await _instance.ParkedAsync(Build));
        Assert.Equal("a 1, b 3, c 4", await BalancesAsync());
    }

    [Fact]
    public async Task G14_what_a_fold_did_to_a_row_before_it_failed_is_forgotten()
    {
        await using var instance = await ProjectingInstance.StartAsync($"t{Guid.NewGuid():N}", o => o.Projection(new SpoilingList()));
        await instance.AppendAsync("a", new AccountOpened("a", "Ann"), new AmountBooked("a", 1), new AmountBooked("a", 13), new AmountBooked("a", 2));
        await instance.ScanAsync("spoiling.v1");

        var row = await instance.Collections.Database.GetCollection<SpoiledRow>("spoiling.v1").Find("{}").SingleAsync();
        Assert.Equal(1, row.Sum);
        Assert.Equal(["a 3 failed"], await instance.ParkedAsync("spoiling.v1"));
    }

    [Fact]
    public async Task G14_a_row_under_another_id_than_its_entitys_is_parked_with_what_to_write()
    {
        await using var instance = await ProjectingInstance.StartAsync($"t{Guid.NewGuid():N}", o => o.Projection(new MisplacedList()));
        await instance.AppendAsync("a", new AccountOpened("a", "Ann"));
        await instance.ScanAsync("misplaced.v1");

        Assert.Equal(["a 1 failed"], await instance.ParkedAsync("misplaced.v1"));
        Assert.Contains("set its id to the entity id", (await instance.Collections.InboxParked.Find("{}").SingleAsync())["error"].AsString);
        Assert.Equal("", await instance.RowsOfAsync("misplaced.v1"));
    }

    [Fact]
    public async Task G14_an_event_that_cannot_be_read_is_parked_and_read_when_it_can_be()
    {
        var broken = new BsonDocument { { "_id.entityId", "c" }, { "_id.version", 2L } };
        await _instance.Collections.HistoryDocuments.UpdateOneAsync(broken, Builders<BsonDocument>.Update.Set("payload", "{ \"amount\": \"many\" }"));
        _isBroken = false;
        await ProjectAsync(fromHistory: true);
        Assert.Equal(["c 2 failed"], await _instance.ParkedAsync(Build));

        await _instance.Collections.HistoryDocuments.UpdateOneAsync(broken, Builders<BsonDocument>.Update.Set("payload", "{ \"amount\": 9 }"));
        await _instance.Projections.RetryParkedAsync("account-list", "repaired");
        await _instance.SweepAsync(Build);

        Assert.Equal("a 1, b 9, c 9", await BalancesAsync());
        Assert.Empty(await _instance.ParkedAsync(Build));
    }

    [Fact]
    public async Task What_is_projected_and_parked_is_counted_wherever_it_came_from()
    {
        using var measured = new Measured(_instance.Get<IServiceProvider>());
        await _instance.ScanAsync(Build);
        Assert.Equal((5, 1), (measured[$"outbox.projection.events from=history projection={Build}"], measured[$"outbox.projection.parked projection={Build}"]));

        _isBroken = false;
        await _instance.Projections.RetryParkedAsync("account-list", "repaired");
        await _instance.SweepAsync(Build);
        Assert.Equal(7, measured[$"outbox.projection.events from=history projection={Build}"]);

        await _instance.AppendAsync("c", new AmountBooked("c", 5));
        await _instance.ReceiveAsync(Build, [(await _instance.KeptAsync()).Single(message => message is { EntityId: "c", Version: 3 })]);
        Assert.Equal(1, measured[$"outbox.projection.events from=live projection={Build}"]);
    }

    private async Task ProjectAsync(bool fromHistory)
    {
        if (fromHistory)
        {
            await _instance.ScanAsync(Build);
        }
        else
        {
            await _instance.ReceiveAsync(Build, await _instance.KeptAsync());
        }
    }

    private async Task<string> BalancesAsync()
    {
        var rows = await _instance.Collections.Database.GetCollection<AccountRow>(Build).Find("{}").SortBy(row => row.Id).ToListAsync();
        return string.Join(", ", rows.Select(row => $"{row.Id} {row.Balance}"));
    }

    private sealed class SpoiledRow
    {
        public string Id { get; set; } = "";

        public int Sum { get; set; }
    }

    /// <summary>A fold that changes the row in place, as it should not.</summary>
    private sealed class SpoilingList : Projection<SpoiledRow>
    {
        public SpoilingList()
            : base("spoiling", 1)
        {
            On<AccountOpened>((_, e) => new SpoiledRow { Id = e.AccountId });
            On<AmountBooked>((row, e) =>
            {
                row!.Sum += e.Amount;
                return e.Amount == 13 ? throw new InvalidOperationException("unlucky") : row;
            });
        }
    }

    private sealed class MisplacedList : Projection<AccountRow>
    {
        public MisplacedList()
            : base("misplaced", 1) => On<AccountOpened>((_, e) => new AccountRow("elsewhere", e.Owner, 0, "", 1));
    }
}
