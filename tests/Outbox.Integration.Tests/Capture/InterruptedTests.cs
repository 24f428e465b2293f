using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Capture;

/// <summary>
/// A command that runs while another instance ends the sessions of this one, which it takes for dead: the server says that it was interrupted, and does not say what that means for the transaction. On embedded
/// servers, because one's commands are made to fail and the other's majority is held.
/// </summary>
public sealed class InterruptedTests : IAsyncLifetime
{
    private const int Interrupted = 11601;
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private OwnServers _servers = null!;
    private int _attempts;

    private TestService Service => _servers.Service;

    public async ValueTask InitializeAsync() => _servers = await OwnServers.StartAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task G10_a_commit_that_is_interrupted_is_asked_for_again()
    {
        await RunAsync((session, ct) => FailAsync("commitTransaction"));

        Assert.Equal(1, _attempts);
        await AssertWrittenOnceAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G10_a_callback_whose_command_is_interrupted_runs_again_whether_or_not_it_caught_the_error(bool caught)
    {
        await RunAsync(async (session, ct) =>
        {
            if (_attempts == 1)
            {
                await FailAsync("findAndModify");
            }

            var error = await Record.ExceptionAsync(() => Service.Orders.FindOneAndDeleteAsync(session, new BsonDocument("_id", "o2"), cancellationToken: ct));
            Assert.Equal(_attempts == 1, error is MongoCommandException { Code: Interrupted });
            if (_attempts == 1)
            {
                // What interrupts a command of a transaction ends the transaction; a fail point does not.
                await KillAsync(session.ServerSession.Id);
            }

            if (error is not null && !caught)
            {
                throw error;
            }
        });

        Assert.Equal(2, _attempts);
        await AssertWrittenOnceAsync();
    }

    [Fact]
    public async Task G10_a_commit_whose_session_is_killed_while_it_waits_for_a_majority_is_not_made_twice()
    {
        BsonDocument session = null!;
        IDisposable held = null!;
        var running = RunAsync((handle, _) =>
        {
            (session, held) = (handle.ServerSession.Id, _servers.Mongo.Faults.HoldMajority());
            return Task.CompletedTask;
        });
        var local = Service.Orders.WithReadConcern(ReadConcern.Local);
        await Eventually.TrueAsync(async () => await local.CountDocumentsAsync(All) == 1, "the transaction is committed, by this member alone");
        await KillAsync(session);
        held.Dispose();
        await running.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Equal(1, _attempts);
        await AssertWrittenOnceAsync();
    }

    private Task RunAsync(Func<IClientSessionHandle, CancellationToken, Task> also) => Service.Outbox.ExecuteAsync(async (tx, ct) =>
    {
        _attempts++;
        await Service.Orders.InsertOneAsync(tx.Session, new BsonDocument("_id", "o1"), cancellationToken: ct);
        tx.Publish(new OrderPlaced("o1", 1), "o1", 1);
        await also(tx.Session, ct);
    });

    private Task FailAsync(string command) => Service.Database.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument
    {
        { "configureFailPoint", "failCommand" },
        { "mode", new BsonDocument("times", 1) },
        { "data", new BsonDocument { { "failCommands", new BsonArray { command } }, { "errorCode", Interrupted } } },
    });

    private Task KillAsync(BsonDocument session) => Service.Database.RunCommandAsync<BsonDocument>(new BsonDocument("killSessions", new BsonArray { session }));

    private async Task AssertWrittenOnceAsync()
    {
        Assert.Equal(1, await Service.Orders.CountDocumentsAsync(All));
        Assert.Equal(1, await Service.Messages.CountDocumentsAsync(All));
    }
}
