using System.Globalization;
using CsCheck;
using Outbox.History;
using Outbox.History.Storing;
using Outbox.Integration.Tests.History.Keeping;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>What users do with entities whose events are kept, on three of them.</summary>
internal static class HistorySteps
{
    private static readonly Gen<string> Id = Gen.Int[0, 2].Select(x => $"w{x}");

    public static Gen<Step> Any { get; } = Gen.Frequency(
        (4, Gen.Select(Id, Gen.Int[1, 4], Append)),
        (3, Gen.Select(Id, Gen.Int[0, 9], AppendAt)),
        (3, Gen.Select(Id, Gen.Int[0, 3], Change)),
        (1, Id.Select(Open)),
        (2, Gen.Select(Id, Gen.Int[1, 9], PublishAt)),
        (2, Gen.Select(Id, Gen.Int[1, 9], LoadAt)),
        (1, Gen.Int[1, 3].Select(SnapshotAll)),
        (1, Gen.Select(Id, Gen.Int[1, 6], Damage)),
        (1, Id.Select(Erase)));

    public static async Task<string> StateAsync(StoreUnderTest store)
    {
        var lines = new List<string>();
        await foreach (var kept in store.Get<IHistoryStore>().ScanAsync("wallet", null, 4, CancellationToken.None).SelectMany(page => page))
        {
            lines.Add($"{kept.Message.EntityId} {kept.Message.Version} {kept.Message.Type} {kept.Message.Payload}{(kept.IsErased ? " erased" : "")}");
        }

        lines.AddRange((await store.CommittedAsync()).Select(x => $"pending {x.EntityId} {x.Version} {x.Type}"));
        for (var n = 0; n < 3; n++)
        {
            var (folded, loaded) = (await store.FoldedAsync($"w{n}"), (await store.Get<IHistory>().FindAsync<Wallet>($"w{n}"))?.Describe());
            Assert.True(loaded is null || loaded == folded, $"Loaded {loaded}, but all events make {folded}.");
            var snapshot = await store.Get<IHistoryStore>().FindSnapshotAsync(Wallets.Entity($"w{n}"), Wallets.Schema, CancellationToken.None);
            lines.Add($"{folded}, snapshot of {snapshot?.Version}");
        }

        return string.Join('\n', lines);
    }

    private static Step Append(string id, int count) => new($"append {count} to {id}", async store => Text(await store.Outbox.ExecuteAsync((tx, ct) =>
        tx.AppendAsync<Wallet>(id, Expected.Any, Enumerable.Range(1, count).Select(n => new MoneyAdded(id, n)), ct))));

    private static Step AppendAt(string id, int version) => new($"append to {id} at {version}", async store => Text(await store.Outbox.ExecuteAsync((tx, ct) =>
        tx.AppendAsync<Wallet>(id, Expected.Version(version), [new MoneyAdded(id, version), new MoneyTaken(id, 1, "x")], ct))));

    private static Step Open(string id) => new($"open {id}", async store =>
    {
        await store.OpenAsync(id, additions: 1);
        return "opened";
    });

    private static Step Change(string id, int times) => new($"change {id} {times} times", async store =>
    {
        var described = "";
        await store.ChangeAsync(id, wallet =>
        {
            for (var n = 0; n < times; n++)
            {
                wallet.Add(n);
            }

            described = wallet.Describe();
        });
        return described;
    });

    private static Step PublishAt(string id, int version) => new($"publish {version} of {id}", async store =>
    {
        await store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new MoneyAdded(id, version), id, version);
            return Task.CompletedTask;
        });
        return "published";
    });

    private static Step LoadAt(string id, int version) => new($"load {id} at {version}", async store => (await store.Get<IHistory>().LoadAtAsync<Wallet>(id, version)).Describe());

    private static Step SnapshotAll(int olderThan) => new($"snapshot all older than {olderThan}", async store => Text(await store.Get<IHistory>().SnapshotAllAsync<Wallet>(olderThan)));

    /// <summary>A snapshot of nothing that ever was, possibly ahead of its history.</summary>
    private static Step Damage(string id, int version) => new($"put a snapshot of {version} without sense to {id}", async store =>
    {
        await store.Get<IHistoryStore>().SnapshotAsync(
            Wallets.Entity(id), (_, _) => Task.FromResult<StoredSnapshot?>(new StoredSnapshot(version + 100, Wallets.Schema, "{}")), replaces: true, CancellationToken.None);
        return "damaged";
    });

    private static Step Erase(string id) => new($"erase {id}", async store => Text(await store.Get<IHistory>().EraseAsync<Wallet>(
        id,
        (type, json) =>
        {
            json["walletId"] = "gone";
            return json;
        },
        "a test")));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
