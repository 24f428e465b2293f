using Outbox.Capture;
using Outbox.History;
using Outbox.History.Storing;
using Outbox.Integration.Tests.Conformance;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>Topics that keep history: what is kept, under which versions, and what is refused.</summary>
public abstract class KeepConformance(StoreKind kind) : ConformanceSuite(kind, o => Wallets.Configure(o))
{
    private IHistory History => Store.Get<IHistory>();

    [Fact]
    public async Task G11_what_is_captured_is_kept_with_all_that_was_published_of_it()
    {
        await Store.OpenAsync("w1", additions: 2);
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new MoneyAdded("w1", 9), "w1", 4, new() { Headers = new Dictionary<string, string> { ["shop"] = "Zürich" }, PartitionKey = "p" });
            return Task.CompletedTask;
        });

        var published = await Store.CommittedAsync();
        var kept = await Store.KeptAsync("w1");

        Assert.Equal(4, kept.Count);
        Assert.Equal(published.Of(), kept.Of());
        Assert.Equal([1, 2, 3, 4], kept.Select(x => x.Version));
        Assert.Equal("Zürich", kept[3].Headers["shop"]);
        Assert.Equal(published[3].Headers, kept[3].Headers);
        Assert.Equal(("p", published[3].Topic, published[3].SchemaVersion), (kept[3].PartitionKey, kept[3].Topic, kept[3].SchemaVersion));
        Assert.Equal(published[3].Timestamp.ToUnixTimeMilliseconds(), kept[3].Timestamp.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task G11_a_transaction_that_fails_keeps_nothing()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await tx.SaveAsync(new Wallet("w1", "Ann"), ct);
            throw new InvalidTimeZoneException();
        }));

        Assert.Empty(await Store.KeptAsync("w1"));
        Assert.Empty(await Store.CommittedAsync());
        Assert.Null(await History.FindAsync<Wallet>("w1"));
        await Assert.ThrowsAsync<EntityNotFoundException>(() => History.LoadAsync<Wallet>("w1"));
    }

    [Fact]
    public async Task G11_messages_of_topics_that_keep_nothing_are_not_kept()
    {
        await Store.PublishAsync("w1");

        Assert.Empty(await Store.KeptAsync("w1"));
        Assert.Equal(0, await Store.Get<IHistoryStore>().CountAsync("order", CancellationToken.None));
    }

    [Fact]
    public async Task G12_writers_of_one_entity_leave_no_version_out_and_take_none_twice()
    {
        await Store.OpenAsync("w1");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            for (var round = 0; round < 5; round++)
            {
                await Store.ChangeAsync("w1", wallet =>
                {
                    wallet.Add(n);
                    wallet.Add(round);
                });
            }
        }));

        Assert.Equal(Enumerable.Range(1, 81).Select(x => (long)x), (await Store.KeptAsync("w1")).Select(x => x.Version));
        Assert.Equal((8 * 10) + (5 * 28), Balance(await Store.FoldedAsync("w1")));
        Assert.Equal((await Store.CommittedAsync()).Of(), (await Store.KeptAsync("w1")).Of());
    }

    [Fact]
    public async Task G12_writers_that_expect_nothing_never_fail()
    {
        var last = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n => await Store.Outbox.ExecuteAsync(
            (tx, ct) => tx.AppendAsync<Wallet>("w1", Expected.Any, [new MoneyAdded("w1", n), new MoneyAdded("w1", n)], ct))));

        Assert.Equal(Enumerable.Range(1, 20).Select(x => 2L * x), last.Order());
        Assert.Equal(Enumerable.Range(1, 40).Select(x => (long)x), (await Store.KeptAsync("w1")).Select(x => x.Version));
    }

    public static TheoryData<string, long, long> Conflicts => new()
    {
        { "new", 0, 3 }, { "version 2", 2, 3 }, { "version 7", 7, 3 }, { "publish 3", 2, 3 }, { "publish 6", 5, 3 }, { "save loaded before", 3, 4 }, { "save a new one", 0, 3 },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task G12_events_that_do_not_follow_the_last_one_are_refused_with_both_versions(string how, long expected, long found)
    {
        await Store.OpenAsync("w1", additions: 2);
        var before = await History.LoadAsync<Wallet>("w1");
        if (how == "save loaded before")
        {
            await Store.ChangeAsync("w1", wallet => wallet.Add(1));
        }

        var refused = await Assert.ThrowsAsync<VersionConflictException>(() => Store.Outbox.ExecuteAsync((tx, ct) => AppendAsync(tx, how, before, ct)));

        Assert.Equal((new Entity("wallet", "w1"), expected, found), (refused.Entity, refused.Expected, refused.Found));
        Assert.Equal(found, (await Store.KeptAsync("w1")).Count);
        Assert.Equal(found, (await Store.CommittedAsync()).Count);
    }

    [Fact]
    public async Task G12_versions_of_one_transaction_follow_one_another_whoever_gives_them()
    {
        await Store.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            Assert.Equal(2, await tx.AppendAsync<Wallet>("w1", Expected.New, [new WalletOpened("w1", "Ann"), new MoneyAdded("w1", 5)], ct));
            Assert.Equal(3, await tx.AppendAsync<Wallet>("w1", Expected.Version(2), [new MoneyAdded("w1", 6)], ct));
            tx.Publish(new MoneyAdded("w1", 7), "w1", 4);
            tx.Publish(new WalletOpened("w2", "Bob"), "w2", 1);
        });

        Assert.Equal([1, 2, 3, 4], (await Store.KeptAsync("w1")).Select(x => x.Version));
        Assert.Equal([1], (await Store.KeptAsync("w2")).Select(x => x.Version));

        await Assert.ThrowsAsync<VersionConflictException>(() => Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new MoneyAdded("w1", 7), "w1", 5);
            tx.Publish(new MoneyAdded("w1", 7), "w1", 7);
            return Task.CompletedTask;
        }));
        Assert.Equal(4, (await Store.KeptAsync("w1")).Count);
    }

    [Fact]
    public async Task G12_an_aggregate_whose_transaction_failed_is_saved_again_with_all_that_it_raised()
    {
        var wallet = new Wallet("w1", "Ann");
        var runs = 0;
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await tx.SaveAsync(wallet, ct);
            Assert.Equal((1, 0), (wallet.Version, wallet.Raised.Count));
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal((0, 1), (wallet.Version, wallet.Raised.Count));

        await Store.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            runs++;
            await tx.SaveAsync(wallet, ct);
            wallet.Add(5);
            await tx.SaveAsync(wallet, ct);
        });
        wallet.Add(6);
        await Store.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(wallet, ct));

        Assert.Equal(1, runs);
        Assert.Equal((3, 0), (wallet.Version, wallet.Raised.Count));
        Assert.Equal(wallet.Describe(), (await History.LoadAsync<Wallet>("w1")).Describe());
    }

    [Fact]
    public async Task An_aggregate_that_has_nothing_new_is_saved_without_a_word()
    {
        await Store.OpenAsync("w1");

        await Store.ChangeAsync("w1", _ => { });

        Assert.Single(await Store.KeptAsync("w1"));
    }

    [Fact]
    public async Task A_tombstone_is_kept_and_folded_too()
    {
        await Store.OpenAsync("w1");
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.PublishTombstone<WalletOpened>("w1", 2);
            return Task.CompletedTask;
        });

        Assert.True((await History.LoadAsync<Wallet>("w1")).IsClosed);
        Assert.Null((await Store.KeptAsync("w1"))[1].Payload);
    }

    [Fact]
    public async Task A_decider_decides_on_what_is_kept()
    {
        await Store.OpenAsync("w1", additions: 3);

        var purse = await Store.Outbox.ExecuteAsync((tx, ct) => tx.DecideAsync("w1", new PurseDecider(), new Spend(4), ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Outbox.ExecuteAsync((tx, ct) => tx.DecideAsync("w1", new PurseDecider(), new Spend(3), ct)));

        Assert.Equal(new Purse(2), purse);
        Assert.Equal(purse, await History.LoadAsync<Purse>("w1"));
        Assert.Equal(5, (await Store.KeptAsync("w1")).Count);
    }

    [Fact]
    public async Task An_entity_is_read_as_it_was_with_each_of_its_versions()
    {
        await Store.OpenAsync("w1", additions: 3);

        var changes = await Task.WhenAll(Enumerable.Range(1, 4).Select(async version => (await History.LoadAtAsync<Wallet>("w1", version)).Changes));
        Assert.Equal([1, 2, 3, 4], changes);
        Assert.Contains("its last one is 4", (await Assert.ThrowsAsync<OutboxException>(() => History.LoadAtAsync<Wallet>("w1", 5))).Message, StringComparison.Ordinal);
        var read = await History.ReadAsync<Wallet>("w1", fromVersion: 3).ToListAsync();
        Assert.Equal([(3, new MoneyAdded("w1", 2)), (4, new MoneyAdded("w1", 3))], read.Select(x => (x.Version, (MoneyAdded)x.Event)));
    }

    [Fact]
    public async Task Entities_whose_ids_begin_alike_have_histories_of_their_own()
    {
        string[] ids = ["w", "w1", "w10", "w\u0001", "w ", "W", "w\uffff", "😀", "ä"];
        foreach (var id in ids)
        {
            await Store.OpenAsync(id, additions: id.Length);
        }

        foreach (var id in ids)
        {
            Assert.Equal(id.Length + 1, (await Store.KeptAsync(id)).Count);
        }

        var scanned = await Store.Get<IHistoryStore>().ScanAsync("wallet", null, 3, CancellationToken.None).SelectMany(page => page).Select(x => x.Message).ToListAsync();
        Assert.Equal(ids.Sum(id => id.Length + 1), scanned.Count);
        Assert.Equal(scanned.Count, await Store.Get<IHistoryStore>().CountAsync("wallet", CancellationToken.None));
        Assert.Equal(scanned.Select(x => (x.EntityId, x.Version)), scanned.OrderBy(x => System.Text.Encoding.UTF8.GetBytes(x.EntityId), Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(x => x.Version).Select(x => (x.EntityId, x.Version)));
    }

    private static int Balance(string described) => int.Parse(described.Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task AppendAsync(IOutboxTransaction tx, string how, Wallet before, CancellationToken ct)
    {
        switch (how)
        {
            case "new": await tx.AppendAsync<Wallet>("w1", Expected.New, [new MoneyAdded("w1", 1)], ct); break;
            case "version 2": await tx.AppendAsync<Wallet>("w1", Expected.Version(2), [new MoneyAdded("w1", 1)], ct); break;
            case "version 7": await tx.AppendAsync<Wallet>("w1", Expected.Version(7), [new MoneyAdded("w1", 1)], ct); break;
            case "publish 3": tx.Publish(new MoneyAdded("w1", 1), "w1", 3); break;
            case "publish 6": tx.Publish(new MoneyAdded("w1", 1), "w1", 6); break;
            case "save loaded before":
                before.Add(1);
                await tx.SaveAsync(before, ct);
                break;
            default: await tx.SaveAsync(new Wallet("w1", "Eve"), ct); break;
        }
    }
}

public sealed class InMemoryKeepTests() : KeepConformance(StoreKind.InMemory);

public sealed class MongoKeepTests() : KeepConformance(StoreKind.MongoDb);
