using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Versioning;
using Outbox.Versioning;
using static Outbox.Integration.Tests.Versioning.AccountStore;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>A duplicate key may be another writer's insert of the same entity, which is tried again, or the user's own rule, which is told.</summary>
[Trait("Broker", "none")]
public sealed class UniqueIndexTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _tooLong = new(TimeSpan.FromMinutes(2));
    private AccountStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public ValueTask DisposeAsync()
    {
        _tooLong.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G5_a_duplicate_in_the_users_own_unique_index_is_the_callers_error_and_not_tried_again(bool transaction)
    {
        await UniqueAsync("note");
        await _store.InsertAsync(new BsonDocument { { "_id", "taken" }, { "note", "n" }, { "lastMessageId", "m" } });
        var state = new Account { Id = "x", Note = "n" };

        await Assert.ThrowsAsync<MongoCommandException>(() => Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp("x", 1), state, _tooLong.Token)));
        await Assert.ThrowsAsync<MongoCommandException>(() => Run(transaction, s => _store.Accounts.ApplyInsertAsync(s, Stamp("x", 1), state, _tooLong.Token)));
        await Assert.ThrowsAsync<MongoCommandException>(() => Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp("x", 1), Update.Set(x => x.Note, "n"), _tooLong.Token)));

        await _store.ReplaceAsync(Stamp("x", 1));
        await Assert.ThrowsAsync<MongoCommandException>(() => Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp("x", 2), state, _tooLong.Token)));
        await Assert.ThrowsAsync<MongoCommandException>(() => Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp("x", 2), Update.Set(x => x.Note, "n"), _tooLong.Token)));
        Assert.False((await _store.ReadAsync("x")).Contains("note"));
    }

    [Fact]
    public async Task A_duplicate_in_the_users_own_unique_index_costs_one_attempt()
    {
        await UniqueAsync("note");
        await _store.InsertAsync(new BsonDocument { { "_id", "taken" }, { "note", "n" }, { "lastMessageId", "m" } });
        var attempts = 0;
        var accounts = Raced(before: _ => Task.FromResult(attempts++));

        await Assert.ThrowsAsync<MongoCommandException>(() => accounts.ApplyAsync(null, Stamp("x", 1), new Account { Id = "x", Note = "n" }, _tooLong.Token));
        Assert.Equal(1, attempts);
        await Assert.ThrowsAsync<MongoCommandException>(() => accounts.ApplyAsync(null, Stamp("x", 1), Update.Set(x => x.Note, "n"), _tooLong.Token));
        Assert.Equal(2, attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G5_a_batch_with_a_duplicate_in_the_users_own_unique_index_is_the_callers_error(bool transaction)
    {
        await UniqueAsync("note");
        await _store.InsertAsync(new BsonDocument { { "_id", "taken" }, { "note", "n" }, { "lastMessageId", "m" } });
        var changes = new[] { (Stamp("a", 1), State("a", 1)), (Stamp("x", 1), new Account { Id = "x", Note = "n" }) };

        await Assert.ThrowsAnyAsync<MongoBulkWriteException>(() => transaction
            ? _store.InTransactionAsync(s => _store.Accounts.ApplyManyAsync(s, changes, _tooLong.Token))
            : InSessionAsync(s => _store.Accounts.ApplyManyAsync(s, changes, _tooLong.Token)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G7_an_entity_that_another_writer_inserts_in_between_is_decided_again(bool session)
    {
        var id = NewId();
        var accounts = Raced(before: _ => _store.ReplaceAsync(Stamp(id, 5)), times: 1);
        var update = Update.Set(x => x.Note, "late");

        // A session without a transaction is no transaction.
        var outcome = session
            ? await InSessionAsync(s => accounts.ApplyAsync(s, Stamp(id, 2), update, _tooLong.Token), accounts.Database.Client)
            : await accounts.ApplyAsync(null, Stamp(id, 2), update, _tooLong.Token);

        Assert.Equal(ApplyOutcome.Stale, outcome);
        Assert.Equal(5, (await _store.ReadAsync(id))["version"].ToInt64());
    }

    [Fact]
    public async Task G5_a_race_that_never_ends_is_told()
    {
        var id = NewId();
        var races = 0;
        var accounts = Raced(
            before: async _ =>
            {
                races++;
                await _store.ReplaceAsync(Stamp(id, 5));
            },
            after: () => _store.Accounts.DeleteOneAsync(x => x.Id == id));

        var error = await Assert.ThrowsAsync<MongoCommandException>(() => accounts.ApplyAsync(null, Stamp(id, 2), Update.Set(x => x.Note, "late"), _tooLong.Token));

        Assert.Equal((11000, VersionedWrite.Attempts), (error.Code, races));
    }

    [Fact]
    public async Task A_tombstone_that_collides_in_a_unique_index_says_how_to_make_the_index()
    {
        await UniqueAsync("note");
        foreach (var id in new[] { "a", "b" })
        {
            await _store.Accounts.ApplyAsync(null, Stamp(id, 1), new Account { Id = id, Note = id });
        }

        await _store.Accounts.ApplyDeleteAsync(null, Stamp("a", 2));
        var error = await Assert.ThrowsAsync<OutboxException>(() => _store.Accounts.ApplyDeleteAsync(null, Stamp("b", 2), _tooLong.Token));
        Assert.Contains("tombstone of entity 'b'", error.Message, StringComparison.Ordinal);
        Assert.Contains("note", error.Message, StringComparison.Ordinal);
        Assert.Contains("partialFilterExpression: { <field>: { $exists: true } }", error.Message, StringComparison.Ordinal);

        await _store.Accounts.Indexes.DropOneAsync("note");
        await UniqueAsync("note", new BsonDocument("note", new BsonDocument("$exists", true)));
        Assert.Equal(ApplyOutcome.Applied, await _store.Accounts.ApplyDeleteAsync(null, Stamp("b", 2)));
    }

    /// <summary>What the servers say, from 4.4 to 8.0; the errors of a bulk write have no <c>keyPattern</c>.</summary>
    [Theory]
    [InlineData("E11000 duplicate key error collection: shop.orders index: _id_ dup key: { _id: \"o-1\" }", true)]
    [InlineData("E11000 duplicate key error collection: shop.orders index: _id_ collation: { locale: \"en\" } dup key: { _id: \"0x2d\" }", true)]
    [InlineData("E11000 duplicate key error collection: shop.orders dup key: { _id: \"o-1\" }", true)]
    [InlineData("E11000 duplicate key error collection: shop.orders index: number_1 dup key: { number: 7 }", false)]
    [InlineData("E11000 duplicate key error collection: shop.orders index: name_1 dup key: { name: \"index: _id_ dup key: { _id: 1 }\" }", false)]
    [InlineData("E11000 duplicate key error collection: shop.orders index: _id_1_x_1 dup key: { _id: 1, x: 1 }", false)]
    [InlineData("E11000 duplicate key error", false)]
    public void A_duplicate_of_the_id_is_told_from_others_by_the_servers_words(string message, bool isOfId) =>
        Assert.Equal(isOfId, DuplicateKeys.NamesId(message));

    private Task UniqueAsync(string field, BsonDocument? only = null) => _store.Accounts.Indexes.CreateOneAsync(new CreateIndexModel<Account>(
        new BsonDocument(field, 1),
        new CreateIndexOptions<Account> { Name = field, Unique = true, PartialFilterExpression = only ?? new BsonDocument("lastMessageId", new BsonDocument("$exists", true)) }));

    /// <summary>The accounts through a client whose inserting commands another writer is always a moment ahead of.</summary>
    private IMongoCollection<Account> Raced(Func<BsonDocument, Task> before, Func<Task>? after = null, int times = int.MaxValue)
    {
        var settings = MongoClientSettings.FromConnectionString(_store.ConnectionString);
        settings.ClusterConfigurator = cluster =>
        {
            cluster.Subscribe<CommandStartedEvent>(started =>
            {
                if (started.CommandName == "findAndModify" && started.Command.GetValue("upsert", false).ToBoolean() && times-- > 0)
                {
                    before(started.Command).Wait(_tooLong.Token);
                }
            });
            cluster.Subscribe<CommandFailedEvent>(_ => after?.Invoke().Wait(_tooLong.Token));
        };
        return new MongoClient(settings).GetDatabase(_store.Accounts.Database.DatabaseNamespace.DatabaseName).GetCollection<Account>("accounts");
    }

    private async Task<T> InSessionAsync<T>(Func<IClientSessionHandle, Task<T>> body, IMongoClient? client = null)
    {
        using var session = await (client ?? _store.Accounts.Database.Client).StartSessionAsync();
        return await body(session);
    }

    private Task<T> Run<T>(bool transaction, Func<IClientSessionHandle?, Task<T>> change) =>
        transaction ? _store.InTransactionAsync(session => change(session)) : change(null);
}
