using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>G1: an error of the database that a callback catches has ended its transaction all the same.</summary>
public sealed class CaughtErrorTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private TestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await _service.Orders.InsertOneAsync(new BsonDocument("_id", "taken"));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    public static TheoryData<string> Rests => ["nothing", "publish", "write", "write, caught"];

    [Theory]
    [MemberData(nameof(Rests))]
    public async Task G1_it_is_thrown_when_the_callback_returns_in_its_own_words(string rest)
    {
        var attempts = 0;
        var failed = await Assert.ThrowsAsync<OutboxException>(() => _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            attempts++;
            await CaughtAsync<MongoWriteException>(() => _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "taken"), cancellationToken: ct));
            switch (rest)
            {
                case "publish":
                    tx.Publish(new OrderPlaced("taken", 1), "taken");
                    break;
                case "write":
                    await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "other"), cancellationToken: ct);
                    break;
                case "write, caught":
                    await CaughtAsync<MongoCommandException>(() => _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "other"), cancellationToken: ct));
                    break;
            }
        }));

        AssertFirst(failed);
        Assert.Equal(1, attempts);
        Assert.Equal(1, await _service.Orders.CountDocumentsAsync(All));
        Assert.Equal(0, await _service.Messages.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G6_so_it_is_in_a_consumer()
    {
        var attempts = 0;
        var failed = await Assert.ThrowsAsync<OutboxException>(() => _service.Services.GetRequiredService<IInbox>().ExecuteAsync(
            new InboxRecord("shipping", "m1", "order-placed"),
            async (tx, ct) =>
            {
                attempts++;
                await CaughtAsync<MongoWriteException>(() => _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "taken"), cancellationToken: ct));
                tx.Publish(new OrderPlaced("taken", 1), "taken");
            },
            CancellationToken.None));

        AssertFirst(failed);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task An_error_outside_of_the_transaction_is_the_callbacks_own_affair()
    {
        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await CaughtAsync<MongoWriteException>(() => _service.Orders.InsertOneAsync(new BsonDocument("_id", "taken"), cancellationToken: ct));
            tx.Publish(new OrderPlaced("taken", 1), "taken");
        });

        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(All));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G1_a_write_conflict_that_is_caught_still_runs_the_callback_again(bool nested)
    {
        var attempts = 0;
        await _service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            await _service.Orders.Find(tx.Session, new BsonDocument("_id", "taken")).SingleAsync(ct);
            if (++attempts == 1)
            {
                await _service.Orders.UpdateOneAsync(new BsonDocument("_id", "taken"), new BsonDocument("$inc", new BsonDocument("amount", 1)), cancellationToken: ct);
                Task Write() => _service.Orders.UpdateOneAsync(
                    tx.Session, new BsonDocument("_id", "taken"), new BsonDocument("$inc", new BsonDocument("amount", 1)), cancellationToken: ct);
                await CaughtAsync<MongoCommandException>(() => nested ? _service.Outbox.ExecuteAsync((_, _) => Write(), ct) : Write());
            }

            tx.Publish(new OrderPlaced("taken", 1), "taken");
        });

        Assert.Equal(2, attempts);
        Assert.Equal(1, await _service.Messages.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G1_half_of_a_nested_calls_writes_is_not_committed_when_its_error_is_caught()
    {
        await Assert.ThrowsAsync<OutboxException>(() => _service.Outbox.ExecuteAsync(async (_, ct) =>
            await CaughtAsync<InvalidTimeZoneException>(() => _service.Outbox.ExecuteAsync(
                async (tx, token) =>
                {
                    await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "half"), cancellationToken: token);
                    throw new InvalidTimeZoneException();
                },
                ct))));

        Assert.Equal(1, await _service.Orders.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task The_session_ends_with_the_callback()
    {
        var returned = new TaskCompletionSource();
        Task late = Task.CompletedTask;
        await _service.Outbox.ExecuteAsync((tx, _) =>
        {
            late = Task.Run(async () =>
            {
                await returned.Task;
                await _service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "late"));
            }, CancellationToken.None);
            return Task.CompletedTask;
        });
        returned.SetResult();

        await Assert.ThrowsAsync<OutboxException>(() => late);
    }

    private static void AssertFirst(OutboxException failed)
    {
        Assert.Contains("E11000", failed.Message, StringComparison.Ordinal);
        Assert.Contains("taken", failed.Message, StringComparison.Ordinal);
        Assert.IsType<MongoWriteException>(failed.InnerException);
    }

    private static async Task CaughtAsync<T>(Func<Task> work)
        where T : Exception => Assert.IsAssignableFrom<T>(await Record.ExceptionAsync(work));
}
