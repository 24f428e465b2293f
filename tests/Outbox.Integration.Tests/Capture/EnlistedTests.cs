using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>G1 in transactions that the service begins and ends itself.</summary>
public sealed class EnlistedTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private TestService _service = null!;
    private IClientSessionHandle _session = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(o => o.RelayEnabled = false);
        _session = await _service.Services.GetRequiredService<IMongoClient>().StartSessionAsync();
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        return _service.DisposeAsync();
    }

    [Fact]
    public async Task G1_a_commit_of_the_owners_brings_the_state_and_the_messages()
    {
        _session.StartTransaction();
        var tx = _service.Outbox.Enlist(_session);
        await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"));
        tx.Publish(new OrderPlaced("o1", 1), "o1");
        tx.Publish(new OrderCancelled("o1"), "o1");
        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(All));

        await _session.CommitTransactionAsync();

        Assert.Equal(1, await _service.Orders.CountDocumentsAsync(All));
        Assert.Equal([(1L, 0), (2L, 1)], (await _service.Messages.Find(All).SortBy(x => x["version"]).ToListAsync()).Select(x => (x["version"].ToInt64(), x["ordinal"].AsInt32)));
    }

    [Fact]
    public async Task G1_an_abort_of_the_owners_leaves_neither()
    {
        _session.StartTransaction();
        var tx = _service.Outbox.Enlist(_session);
        await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"));
        tx.Publish(new OrderPlaced("o1", 1), "o1");

        await _session.AbortTransactionAsync();

        Assert.Equal(0, await _service.Orders.CountDocumentsAsync(All));
        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G1_messages_that_are_published_in_parallel_are_all_stored()
    {
        _session.StartTransaction();
        var tx = _service.Outbox.Enlist(_session);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => tx.Publish(new OrderPlaced("o1", n), "o1"))));
        await _session.CommitTransactionAsync();

        Assert.Equal(Enumerable.Range(1, 50).Select(x => (long)x), (await _service.Messages.Find(All).ToListAsync()).Select(x => x["version"].ToInt64()).Order());
    }

    [Fact]
    public async Task A_session_without_a_transaction_is_refused_before_and_after_one()
    {
        Assert.Contains("StartTransaction", Assert.Throws<OutboxException>(() => _service.Outbox.Enlist(_session)).Message, StringComparison.Ordinal);
        _session.StartTransaction();
        var tx = _service.Outbox.Enlist(_session);
        tx.Publish(new OrderPlaced("o1", 1), "o1");
        await _session.CommitTransactionAsync();

        Assert.Throws<OutboxException>(() => tx.Publish(new OrderPlaced("o1", 1), "o1"));
        Assert.Throws<OutboxException>(() => tx.Session);
    }

    [Fact]
    public async Task A_message_id_that_is_taken_is_refused_where_it_is_published()
    {
        await _service.PublishAsync("o1", 1);
        var taken = (await _service.Messages.Find(All).SingleAsync())["_id"].AsString;
        _session.StartTransaction();

        var refused = Assert.Throws<OutboxException>(() => _service.Outbox.Enlist(_session).Publish(new OrderPlaced("o2", 1), "o2", options: new() { MessageId = taken }));

        Assert.Contains(taken, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_the_outbox_joins_it_where_it_is_made_current()
    {
        _session.StartTransaction();
        var tx = _service.Outbox.Enlist(_session);
        using (AmbientTransaction.Enter(tx))
        {
            await _service.PublishAsync("o1", 1);
        }

        await _session.AbortTransactionAsync();

        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(All));
    }
}
