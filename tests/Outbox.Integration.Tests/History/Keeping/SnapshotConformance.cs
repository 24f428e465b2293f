using System.Text.Json.Nodes;
using Outbox.History;
using Outbox.History.Storing;
using Outbox.Integration.Tests.Conformance;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>A state is the fold of all events, whatever snapshots say.</summary>
public abstract class SnapshotConformance(StoreKind kind) : ConformanceSuite(kind, o => Wallets.Configure(o, SnapshotPolicy.Every(3)))
{
    private IHistory History => Store.Get<IHistory>();

    private IHistoryStore Kept => Store.Get<IHistoryStore>();

    [Fact]
    public async Task A_snapshot_is_taken_when_a_transaction_passes_a_multiple_even_in_one_step()
    {
        await Store.OpenAsync("w1", additions: 1);
        Assert.Null(await SnapshotAsync("w1"));

        await Store.ChangeAsync("w1", wallet => wallet.Add(1));
        Assert.Equal(3, (await SnapshotAsync("w1"))!.Version);

        await Store.ChangeAsync("w1", wallet => Enumerable.Range(0, 4).ToList().ForEach(wallet.Add));
        Assert.Equal(7, (await SnapshotAsync("w1"))!.Version);

        await Store.ChangeAsync("w1", wallet => wallet.Add(1));
        Assert.Equal(7, (await SnapshotAsync("w1"))!.Version);
    }

    [Fact]
    public async Task G14_a_state_of_a_snapshot_is_that_of_all_events_with_every_private_field()
    {
        await Store.OpenAsync("w1", additions: 5);
        await Store.ChangeAsync("w1", wallet => wallet.Take(3, "Zürich"));
        Assert.Equal(6, (await SnapshotAsync("w1"))!.Version);

        var loaded = await History.LoadAsync<Wallet>("w1");

        Assert.Equal(await Store.FoldedAsync("w1"), loaded.Describe());
        Assert.Equal("w1 of Ann: 12 after 7, spent Zürich=3", loaded.Describe());
        Assert.Equal(7, loaded.Version);
        loaded.Take(2, "Bern");
        await Store.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(loaded, ct));
        Assert.Equal(8, (await Store.KeptAsync("w1")).Count);
    }

    public static TheoryData<string> Wrong => ["ahead", "of another schema", "no JSON", "another shape", "of version 0", "stale"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task G14_a_snapshot_that_is_wrong_changes_nothing(string how)
    {
        await Store.OpenAsync("w1", additions: 6);
        var right = await Store.FoldedAsync("w1");
        var (state, version) = ((await SnapshotAsync("w1"))!.State, 7L);
        var changed = state.Replace("Ann", "Eve", StringComparison.Ordinal);
        Assert.NotEqual(state, changed);
        var wrong = how switch
        {
            "ahead" => new StoredSnapshot(version + 1, Wallets.Schema, changed),
            "of another schema" => new StoredSnapshot(version, Wallets.Schema - 1, changed),
            "no JSON" => new StoredSnapshot(version, Wallets.Schema, "{"),
            "another shape" => new StoredSnapshot(version, Wallets.Schema, """{"Wallet._balance":"much"}"""),
            "of version 0" => new StoredSnapshot(0, Wallets.Schema, changed),
            _ => new StoredSnapshot(2, Wallets.Schema, """{"Wallet._owner":"Ann","Wallet._balance":1,"Wallet.Changes":2,"Wallet._spent":{},"Wallet.IsClosed":false}"""),
        };
        await Kept.SnapshotAsync(Wallets.Entity("w1"), (_, _) => Task.FromResult<StoredSnapshot?>(wrong), replaces: true, CancellationToken.None);

        Assert.Equal(right, (await History.LoadAsync<Wallet>("w1")).Describe());
        Assert.Equal(right, (await Store.Outbox.ExecuteAsync((tx, ct) => tx.LoadAsync<Wallet>("w1", ct))).Describe());
    }

    [Fact]
    public async Task G14_an_earlier_version_is_never_read_of_a_later_snapshot()
    {
        await Store.OpenAsync("w1", additions: 8);
        Assert.Equal(9, (await SnapshotAsync("w1"))!.Version);

        Assert.Equal("w1 of Ann: 3 after 3, spent ", (await History.LoadAtAsync<Wallet>("w1", 3)).Describe());
    }

    [Fact]
    public async Task G14_a_snapshot_never_goes_back_and_gives_way_to_another_shape()
    {
        await Store.OpenAsync("w1", additions: 5);
        Assert.False(await TakeAsync(new StoredSnapshot(5, Wallets.Schema, "{}")));
        Assert.False(await TakeAsync(new StoredSnapshot(6, Wallets.Schema, "{}")));
        Assert.True(await TakeAsync(new StoredSnapshot(6, Wallets.Schema + 1, "{}")));
        Assert.Null(await SnapshotAsync("w1"));
        Assert.False(await TakeAsync(new StoredSnapshot(5, Wallets.Schema, "{}")));
    }

    [Fact]
    public async Task Entities_that_have_no_snapshot_or_an_old_one_get_one_when_all_are_asked_for()
    {
        await Store.OpenAsync("one");
        await Store.OpenAsync("two", additions: 1);
        await Store.OpenAsync("many", additions: 4);
        await Store.ChangeAsync("many", wallet => wallet.Take(1, "x"));
        await Store.OpenAsync("fresh", additions: 5);

        Assert.Equal(1, await History.SnapshotAllAsync<Wallet>(olderThan: 2));
        Assert.Equal((null, 2L, 6L, 6L), ((await SnapshotAsync("one"))?.Version, (await SnapshotAsync("two"))!.Version, (await SnapshotAsync("many"))!.Version, (await SnapshotAsync("fresh"))!.Version));
        Assert.Equal(0, await History.SnapshotAllAsync<Wallet>(olderThan: 2));
        Assert.Equal(1, await History.SnapshotAllAsync<Wallet>(olderThan: 1));
        Assert.Contains("Purse has no snapshots", (await Assert.ThrowsAsync<OutboxException>(() => History.SnapshotAllAsync<Purse>(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G13_an_erasure_changes_what_it_is_told_to_and_says_so_and_leaves_no_snapshot_of_it()
    {
        await Store.OpenAsync("w1", additions: 6);
        await Store.OpenAsync("w2");
        var before = await Store.KeptAsync("w1");

        var changed = await EraseAsync("w1");

        var after = await Store.KeptAsync("w1");
        Assert.Equal(1, changed);
        Assert.Equal("Ünknown", JsonNode.Parse(after[0].Payload!)!["owner"]!.GetValue<string>());
        Assert.Equal(before.Of().Skip(1), after.Of().Skip(1));
        Assert.Equal((before[0].MessageId, before[0].Version, before[0].Timestamp), (after[0].MessageId, after[0].Version, after[0].Timestamp));
        Assert.Equal([true, false, false, false, false, false, false], await History.ReadAsync<Wallet>("w1").Select(x => x.IsErased).ToListAsync());
        Assert.DoesNotContain("Ann", (await SnapshotAsync("w1"))!.State, StringComparison.Ordinal);
        Assert.Equal("w1 of Ünknown: 21 after 7, spent ", (await History.LoadAsync<Wallet>("w1")).Describe());
        Assert.Contains("of Ann", (await History.LoadAsync<Wallet>("w2")).Describe(), StringComparison.Ordinal);
        Assert.Equal(0, await EraseAsync("w1"));
    }

    [Fact]
    public async Task G13_an_erasure_that_would_make_an_event_unreadable_is_refused()
    {
        await Store.OpenAsync("w1", additions: 1);

        var refused = await Assert.ThrowsAsync<OutboxException>(() => History.EraseAsync<Wallet>("w1", (type, json) => type == "money-added" ? new JsonObject { ["amount"] = "none" } : null, "a test"));

        Assert.Contains("money-added", refused.Message, StringComparison.Ordinal);
        Assert.Equal("w1 of Ann: 1 after 2, spent ", (await History.LoadAsync<Wallet>("w1")).Describe());
    }

    private Task<long> EraseAsync(string id) => History.EraseAsync<Wallet>(
        id,
        (type, json) =>
        {
            if (type == "wallet-opened")
            {
                json["owner"] = "Ünknown";
            }

            return json;
        },
        "request 4711");

    private Task<bool> TakeAsync(StoredSnapshot snapshot) =>
        Kept.SnapshotAsync(Wallets.Entity("w1"), (_, _) => Task.FromResult<StoredSnapshot?>(snapshot), replaces: false, CancellationToken.None);

    private Task<StoredSnapshot?> SnapshotAsync(string id) => Kept.FindSnapshotAsync(Wallets.Entity(id), Wallets.Schema, CancellationToken.None);
}

public sealed class InMemorySnapshotTests() : SnapshotConformance(StoreKind.InMemory);

public sealed class MongoSnapshotTests() : SnapshotConformance(StoreKind.MongoDb);
