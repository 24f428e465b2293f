using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Versioning;
using static Outbox.Integration.Tests.Versioning.AccountStore;

namespace Outbox.Integration.Tests.Versioning;

/// <summary>Each kind of change, outside of a transaction and in one.</summary>
public sealed class ApplyTests : IAsyncLifetime
{
    private AccountStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replacement_is_applied_recognised_or_left_out(bool transaction)
    {
        var id = NewId();
        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 2), s)));
        Assert.Equal(ApplyOutcome.Duplicate, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 2), s)));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 1), s)));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 2) with { MessageId = "another" }, s)));
        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 5), s)));

        var state = await _store.ReadAsync(id);
        Assert.Equal((50, 5L, "m5"), (state["balance"].AsInt32, state["version"].ToInt64(), state["lastMessageId"].AsString));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_changes_what_it_names_and_inserts_where_there_is_nothing(bool transaction)
    {
        var id = NewId();
        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 1), Update.Set(x => x.Note, "new"))));
        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 3), Update.Inc(x => x.Balance, 7))));
        Assert.Equal(ApplyOutcome.Duplicate, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 3), Update.Inc(x => x.Balance, 7))));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 2), Update.Inc(x => x.Balance, 100))));

        var state = await _store.ReadAsync(id);
        Assert.Equal(("new", 7, 3L), (state["note"].AsString, state["balance"].AsInt32, state["version"].ToInt64()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_may_be_a_pipeline(bool transaction)
    {
        var id = NewId();
        await _store.ReplaceAsync(Stamp(id, 1));
        var doubled = Update.Pipeline(new BsonDocument[] { new("$set", new BsonDocument("balance", new BsonDocument("$multiply", new BsonArray { "$balance", 2 }))) });
        var dollar = Stamp(id, 2) with { MessageId = "$balance" };

        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.Accounts.ApplyAsync(s, dollar, doubled)));
        Assert.Equal(ApplyOutcome.Duplicate, await Run(transaction, s => _store.Accounts.ApplyAsync(s, dollar, doubled)));

        var state = await _store.ReadAsync(id);
        Assert.Equal((20, "$balance"), (state["balance"].AsInt32, state["lastMessageId"].AsString));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G7_no_late_change_brings_a_deleted_entity_back(bool transaction)
    {
        var id = NewId();
        await _store.ReplaceAsync(Stamp(id, 1));
        Assert.Equal(ApplyOutcome.Applied, await Run(transaction, s => _store.Accounts.ApplyDeleteAsync(s, Stamp(id, 4))));

        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.ReplaceAsync(Stamp(id, 3), s)));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 2), Update.Set(x => x.Note, "late"))));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.Accounts.ApplyAsync(s, Stamp(id, 5), Update.Set(x => x.Note, "newer, but a piece"))));
        Assert.Equal(ApplyOutcome.Stale, await Run(transaction, s => _store.Accounts.ApplyInsertAsync(s, Stamp(id, 3), State(id, 3))));
        Assert.Equal(ApplyOutcome.Duplicate, await Run(transaction, s => _store.Accounts.ApplyDeleteAsync(s, Stamp(id, 4))));

        var tombstone = await _store.ReadAsync(id);
        Assert.Equal(["_id", "deleted", "deletedAt", "lastMessageId", "lastUpdated", "version"], tombstone.Names.Order(StringComparer.Ordinal));
        Assert.InRange(tombstone["deletedAt"].ToUniversalTime(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Many_changes_at_once_are_each_applied_if_they_are_newer()
    {
        var (first, second) = (NewId(), NewId());
        await _store.ReplaceAsync(Stamp(first, 5));
        var changes = new[] { (first, 4L), (first, 6L), (second, 1L), (second, 3L), (second, 2L) };
        var applied = await _store.InTransactionAsync(
            session => _store.Accounts.ApplyManyAsync(session, changes.Select(change => (Stamp(change.Item1, change.Item2), State(change.Item1, change.Item2)))));

        Assert.Equal(3, applied);
        Assert.Equal((60, 30), ((await _store.ReadAsync(first))["balance"].AsInt32, (await _store.ReadAsync(second))["balance"].AsInt32));
    }

    [Fact]
    public async Task A_delete_that_comes_first_leaves_its_tombstone()
    {
        var id = NewId();
        Assert.Equal(ApplyOutcome.Applied, await _store.Accounts.ApplyDeleteAsync(null, Stamp(id, 2)));
        Assert.Equal(ApplyOutcome.Stale, await _store.ReplaceAsync(Stamp(id, 1)));
        Assert.True((await _store.ReadAsync(id))["deleted"].AsBoolean);
    }

    [Fact]
    public async Task An_id_that_is_used_again_comes_back_by_its_insert()
    {
        var id = NewId();
        await _store.Accounts.ApplyDeleteAsync(null, Stamp(id, 2));
        Assert.Equal(ApplyOutcome.Applied, await _store.Accounts.ApplyInsertAsync(null, Stamp(id, 3), State(id, 3)));

        var state = await _store.ReadAsync(id);
        Assert.Equal((30, false), (state["balance"].AsInt32, state.Contains("deleted")));
    }

    [Fact]
    public async Task A_stale_change_does_not_end_the_transaction_that_meets_it()
    {
        var (first, second) = (NewId(), NewId());
        await _store.ReplaceAsync(Stamp(first, 9));
        await _store.InTransactionAsync(async session =>
        {
            Assert.Equal(ApplyOutcome.Stale, await _store.ReplaceAsync(Stamp(first, 1), session));
            Assert.Equal(ApplyOutcome.Stale, await _store.Accounts.ApplyAsync(session, Stamp(first, 1), Update.Inc(x => x.Balance, 1)));
            return await _store.ReplaceAsync(Stamp(second, 1), session);
        });

        Assert.Equal(10, (await _store.ReadAsync(second))["balance"].AsInt32);
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_an_error_that_says_so()
    {
        var id = NewId();
        await _store.InsertAsync(new BsonDocument { { "_id", id }, { "version", "three" } });
        var error = await Assert.ThrowsAsync<OutboxException>(() => _store.Accounts.ApplyAsync(null, Stamp(id, 4), Update.Inc(x => x.Balance, 1)));
        Assert.Contains($"'{id}' of collection 'accounts' has a String in its field 'version'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tombstones_expire_when_the_option_says_and_a_changed_option_changes_the_index()
    {
        var place = await TestPlace.SharedAsync();
        await using (await TestService.StartAsync(o => o.UseMongoDb(m => m.KeepTombstonesFor["orders"] = TimeSpan.FromDays(2)), place: place))
        {
        }

        await using var service = await TestService.StartAsync(o => o.UseMongoDb(m => m.KeepTombstonesFor["orders"] = TimeSpan.FromDays(3)), place: place);
        var index = (await (await service.Orders.Indexes.ListAsync()).ToListAsync()).Single(x => x["name"] == "deletedAt");
        Assert.Equal(TimeSpan.FromDays(3).TotalSeconds, index["expireAfterSeconds"].ToDouble());
    }

    private Task<T> Run<T>(bool transaction, Func<IClientSessionHandle?, Task<T>> change) =>
        transaction ? _store.InTransactionAsync(session => change(session)) : change(null);
}
