using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.History.Keeping;

/// <summary>Histories as MongoDB has them.</summary>
public sealed class StoredHistoryTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private TestService _service = null!;

    private IMongoCollection<BsonDocument> History => _service.Database.GetCollection<BsonDocument>("history");

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(o =>
    {
        o.RelayEnabled = false;
        Wallets.Configure(o, SnapshotPolicy.Periodic(TimeSpan.FromSeconds(1), olderThan: 2));
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_event_is_stored_under_its_entity_and_version_with_the_payload_as_it_was_published()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Wallet("w1", "Ännchen"), ct));

        var (kept, pending) = (await History.Find(All).SingleAsync(), await _service.Messages.Find(All).SingleAsync());

        Assert.Equal(new BsonDocument { { "entityType", "wallet" }, { "entityId", "w1" }, { "version", 1L } }, kept["_id"]);
        Assert.Equal(["_id", "messageId", "topic", "type", "schemaVersion", "payload", "headers", "timestamp"], kept.Names);
        Assert.Equal("""{"walletId":"w1","owner":"Ännchen"}""", kept["payload"].AsString);
        Assert.Equal((pending["_id"], pending["payload"], pending["headers"], pending["timestamp"]), (kept["messageId"], kept["payload"], kept["headers"], kept["timestamp"]));
        Assert.Equal(["_id_"], (await (await History.Indexes.ListAsync()).ToListAsync()).Select(index => index["name"].AsString));
    }

    [Fact]
    public async Task G12_a_writer_that_brings_its_own_transaction_meets_the_same_rules()
    {
        using var session = await _service.Database.Client.StartSessionAsync();
        session.StartTransaction();
        var tx = _service.Outbox.Enlist(session);
        var wallet = new Wallet("w1", "Ann");
        await tx.SaveAsync(wallet);
        Assert.Equal(1, (await tx.LoadAsync<Wallet>("w1")).Version);
        tx.Publish(new MoneyAdded("w1", 3), "w1", 2);
        await session.CommitTransactionAsync();

        session.StartTransaction();
        var conflict = Assert.Throws<VersionConflictException>(() => _service.Outbox.Enlist(session).Publish(new MoneyAdded("w1", 3), "w1", 2));
        await session.AbortTransactionAsync();

        Assert.Equal((1, 2), (conflict.Expected, conflict.Found));
        Assert.Equal(2, await History.CountDocumentsAsync(All));
        Assert.Equal("w1 of Ann: 3 after 2, spent ", (await _service.Services.GetRequiredService<IHistory>().LoadAsync<Wallet>("w1")).Describe());
    }

    [Fact]
    public async Task An_event_of_an_older_schema_is_read_as_the_one_of_today()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Wallet("w1", "Ann"), ct));
        await History.UpdateOneAsync(All, new BsonDocument("$set", new BsonDocument { { "schemaVersion", 1 }, { "payload", """{"walletId":"w1","ownerName":"Bea"}""" } }));
        await using var newer = await TestService.StartAsync(
            o =>
            {
                o.RelayEnabled = false;
                o.Topic("wallets", t =>
                {
                    t.EntityType = "wallet";
                    t.Message<WalletOpened>(configure: m =>
                    {
                        m.SchemaVersion = 2;
                        m.Upcast(1, json =>
                        {
                            json["owner"] = json["ownerName"]!.DeepClone();
                            return json;
                        });
                    });
                    t.Message<MoneyAdded>();
                    t.KeepHistory(h => h.Aggregate<Wallet>());
                });
            },
            sibling: _service);

        Assert.Contains("of Bea", (await newer.Services.GetRequiredService<IHistory>().LoadAsync<Wallet>("w1")).Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_whose_type_is_not_registered_any_more_is_named()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Wallet("w1", "Ann"), ct));
        await History.UpdateOneAsync(All, new BsonDocument("$set", new BsonDocument("type", "wallet-bought")));

        var refused = await Assert.ThrowsAsync<OutboxException>(() => _service.Services.GetRequiredService<IHistory>().LoadAsync<Wallet>("w1"));

        Assert.Contains("Event 1 of wallet w1 is a 'wallet-bought', which is not registered", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_of_which_events_were_removed_is_not_folded()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.AppendAsync<Wallet>("w1", Expected.New, [new WalletOpened("w1", "Ann"), new MoneyAdded("w1", 1), new MoneyAdded("w1", 1)], ct));
        await History.DeleteOneAsync(new BsonDocument("_id.version", 2));

        var refused = await Assert.ThrowsAsync<OutboxException>(() => _service.Services.GetRequiredService<IHistory>().LoadAsync<Wallet>("w1"));

        Assert.Contains("wallet w1 has no version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task States_are_stored_at_regular_times_where_a_topic_says_so()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.AppendAsync<Wallet>("w1", Expected.New, [new WalletOpened("w1", "Ann"), new MoneyAdded("w1", 1)], ct));
        var snapshots = _service.Database.GetCollection<BsonDocument>("history.snapshots");

        await Eventually.TrueAsync(async () => await snapshots.CountDocumentsAsync(new BsonDocument("version", 2)) == 1, "the wallet has a snapshot");
    }

    [Fact]
    public async Task Events_of_one_moment_are_kept_while_a_loop_of_readers_folds_them()
    {
        await _service.Outbox.ExecuteAsync((tx, ct) => tx.SaveAsync(new Wallet("w1", "Ann"), ct));
        var history = _service.Services.GetRequiredService<IHistory>();
        var writer = Task.Run(async () =>
        {
            for (var n = 0; n < 40; n++)
            {
                await _service.Outbox.ExecuteAsync((tx, ct) => tx.AppendAsync<Wallet>("w1", Expected.Any, [new MoneyAdded("w1", 1), new MoneyTaken("w1", 1, "x")], ct));
            }
        });
        var seen = new List<Wallet>();
        while (!writer.IsCompleted)
        {
            seen.Add(await history.LoadAsync<Wallet>("w1"));
        }

        await writer;
        Assert.All(seen, wallet => Assert.Equal(wallet.Version, wallet.Changes));
        Assert.All(seen, wallet => Assert.Equal(1, wallet.Version % 2));
    }
}
