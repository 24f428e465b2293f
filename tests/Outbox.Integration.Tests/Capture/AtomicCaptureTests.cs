using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>G1: a message exists if and only if its transaction committed.</summary>
public sealed class AtomicCaptureTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private readonly string _application = $"capture-{Guid.NewGuid():N}";
    private TestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        var place = await TestPlace.SharedAsync();
        var named = new MongoUrlBuilder(place.MongoDb) { ApplicationName = _application }.ToString();
        _service = await TestService.StartAsync(o => o.RelayEnabled = false, place: place with { MongoDb = named });
    }

    public ValueTask DisposeAsync() => _service.DisposeWithConnectionsAsync();

    [Fact]
    public async Task G1_a_commit_brings_the_state_and_the_message()
    {
        await PlaceAsync("o1");

        Assert.Equal(1, await _service.Orders.CountDocumentsAsync(All));
        var message = await _service.Messages.Find(All).SingleAsync();
        Assert.Equal("o1", message["entityId"]);
        Assert.Equal(1, message["version"].ToInt64());
        Assert.Equal("order-placed", message["type"]);
    }

    [Fact]
    public async Task G1_a_callback_that_throws_leaves_neither()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"), cancellationToken: ct);
            tx.Publish(new OrderPlaced("o1", 1), "o1", 1);
            throw new InvalidTimeZoneException();
        }));

        await AssertNothingAsync();
    }

    [Fact]
    public async Task G1_a_callback_that_meets_a_paused_connection_pool_runs_again_and_enqueues_once()
    {
        var runs = 0;
        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"), cancellationToken: ct);
            tx.Publish(new OrderPlaced("o1", 1), "o1", 1);
            if (++runs == 1)
            {
                // The driver says so while it has not yet found out what became of a server to which a connection broke.
                throw new MongoConnectionPoolPausedException("The connection pool is in paused state for server db1:27017.");
            }
        });

        Assert.Equal(2, runs);
        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G1_a_message_that_cannot_be_captured_undoes_the_state()
    {
        await Assert.ThrowsAsync<OutboxException>(() => _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"), cancellationToken: ct);
            tx.Publish("not registered", "o1", 1);
        }));

        await AssertNothingAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G1_a_callback_that_runs_again_after_a_write_conflict_enqueues_once(bool wrapped)
    {
        await _service.Orders.InsertOneAsync(new BsonDocument { { "_id", "o1" }, { "amount", 1 } });
        var attempts = 0;

        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await _service.Orders.Find(tx.Session, new BsonDocument("_id", "o1")).SingleAsync(ct);
            tx.Publish(new OrderPlaced("o1", 1), "o1", 2);
            if (++attempts == 1)
            {
                // Another writer commits after this transaction's snapshot: the next write meets a conflict.
                await _service.Orders.UpdateOneAsync(new BsonDocument("_id", "o1"), new BsonDocument("$inc", new BsonDocument("amount", 1)), cancellationToken: ct);
            }

            try
            {
                await _service.Orders.UpdateOneAsync(tx.Session, new BsonDocument("_id", "o1"), new BsonDocument("$inc", new BsonDocument("amount", 1)), cancellationToken: ct);
            }
            catch (MongoException error) when (wrapped)
            {
                throw new InvalidOperationException("As a saga says it.", error);
            }
        });

        Assert.Equal(2, attempts);
        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(All));
        Assert.Equal(3, (await _service.Orders.Find(All).SingleAsync())["amount"]);
    }

    [Fact]
    public async Task G1_a_commit_whose_answer_is_lost_enqueues_once()
    {
        var lost = new BsonDocument { { "failCommands", new BsonArray { "commitTransaction" } }, { "closeConnection", true }, { "appName", _application } };
        await using var _ = await FailPoint.SetAsync(_service.Database.Client, lost, times: 1);

        await PlaceAsync("o1");

        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(All));
        Assert.Equal(1, await _service.Orders.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task Execute_inside_execute_joins_the_transaction()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _service.Outbox.ExecuteAsync(async (_, _) =>
        {
            await PlaceAsync("o1");
            throw new InvalidTimeZoneException();
        }));

        await AssertNothingAsync();
    }

    [Fact]
    public async Task A_transaction_that_escaped_its_callback_refuses_to_be_used()
    {
        IOutboxTransaction? escaped = null;
        await _service.Outbox.ExecuteAsync((tx, _) =>
        {
            escaped = tx;
            return Task.CompletedTask;
        });

        Assert.Throws<OutboxException>(() => escaped!.Publish(new OrderPlaced("o1", 1), "o1", 1));
        Assert.Throws<OutboxException>(() => escaped!.Session);
    }

    [Fact]
    public async Task G4_versions_that_nobody_supplies_are_counted_without_gap_or_double_by_concurrent_writers()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
            await _service.Outbox.ExecuteAsync((tx, _) =>
            {
                tx.Publish(new OrderPlaced("o1", i), "o1");
                tx.Publish(new OrderPlaced("o1", i), "o1");
                return Task.CompletedTask;
            }, ct));

        var versions = (await _service.Messages.Find(All).ToListAsync()).Select(message => message["version"].ToInt64());
        Assert.Equal(Enumerable.Range(1, 80).Select(v => (long)v), versions.Order());
    }

    private Task PlaceAsync(string id) => _service.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", id), cancellationToken: ct);
        tx.Publish(new OrderPlaced(id, 1), id, 1);
    });

    private async Task AssertNothingAsync()
    {
        Assert.Equal(0, await _service.Orders.CountDocumentsAsync(All));
        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(All));
    }
}
