using Outbox.Capture;
using Outbox.History;
using Outbox.History.Loading;
using Outbox.History.Storing;
using Outbox.Integration.Tests.Conformance;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>A store whose topic of wallets keeps history.</summary>
internal static class Wallets
{
    public const int Schema = 3;

    public static void Configure(OutboxConfigurator o, SnapshotPolicy? snapshots = null) => o.Topic("wallets", t =>
    {
        t.EntityType = "wallet";
        t.Message<WalletOpened>();
        t.Message<MoneyAdded>();
        t.Message<MoneyTaken>();
        t.KeepHistory(h =>
        {
            h.Aggregate<Wallet>();
            h.Decider(new PurseDecider());
            if (snapshots is not null)
            {
                h.Snapshot<Wallet>(snapshots, Schema);
            }
        });
    });

    public static Entity Entity(string id) => new("wallet", id);

    public static Task OpenAsync(this StoreUnderTest store, string id, int additions = 0) => store.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        var wallet = new Wallet(id, "Ann");
        for (var n = 1; n <= additions; n++)
        {
            wallet.Add(n);
        }

        await tx.SaveAsync(wallet, ct);
    });

    public static Task ChangeAsync(this StoreUnderTest store, string id, Action<Wallet> change) => store.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        var wallet = await tx.LoadAsync<Wallet>(id, ct);
        change(wallet);
        await tx.SaveAsync(wallet, ct);
    });

    public static async Task<IReadOnlyList<OutboxMessage>> KeptAsync(this StoreUnderTest store, string id) =>
        await store.Get<IHistoryStore>().ReadAsync(Entity(id), 1, long.MaxValue, CancellationToken.None).Select(kept => kept.Message).ToListAsync();

    /// <summary>What comes of all events, without a snapshot.</summary>
    public static async Task<string> FoldedAsync(this StoreUnderTest store, string id)
    {
        var registration = store.Get<Outbox.History.Registration.StateRegistry>().Get(typeof(Wallet)) with { Snapshots = null };
        var loaded = await store.Get<StateLoader>().LoadAsync(store.Get<IHistoryStore>(), registration, id, long.MaxValue, CancellationToken.None);
        return ((Wallet)loaded.State).Describe();
    }

    public static IEnumerable<string> Of(this IEnumerable<OutboxMessage> messages) => messages.Select(x => $"{x.EntityId} {x.Version} {x.MessageId} {x.Type} {x.Payload}");
}
