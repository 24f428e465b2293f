using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Integration.Tests.Sessions;

/// <summary>
/// A command of a transaction that waits for a connection while another operation's connection breaks: the driver pauses the pool, and sends nothing. On an embedded server, whose pause keeps the pool paused.
/// </summary>
[Trait("Broker", "none")]
public sealed class PausedPoolTests : IAsyncLifetime
{
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MongoServer _server = null!;
    private OwnClient _own = null!;
    private volatile bool _isTaken;
    private volatile int _refused;

    public async ValueTask InitializeAsync() => await StartAsync(new MongoServerOptions());

    private async Task StartAsync(MongoServerOptions options)
    {
        _server = await MongoServer.StartAsync(options);
        var settings = MongoClientSettings.FromConnectionString(_server.ConnectionString);
        settings.MaxConnectionPoolSize = 1;
        settings.ClusterConfigurator = cluster => cluster
            .Subscribe<CommandStartedEvent>(started => Taken(started.CommandName))
            .Subscribe<ConnectionPoolCheckingOutConnectionEvent>(_ => Break())
            .Subscribe<ConnectionPoolCheckingOutConnectionFailedEvent>(_ => Mend());
        _own = new OwnClient(settings);
        await Orders.Database.CreateCollectionAsync("orders");
    }

    public async ValueTask DisposeAsync()
    {
        _own.Dispose();
        await _server.DisposeAsync();
    }

    private IMongoCollection<BsonDocument> Orders => _own.Client.GetDatabase("orders").GetCollection<BsonDocument>("orders");

    [Fact]
    public async Task G1_a_commit_that_meets_a_paused_connection_pool_is_sent_when_it_is_not_any_more()
    {
        Assert.Equal(1, await RunAsync((handle, token) => InsertAsync(handle, "o1", token)));

        Assert.Equal(1, await Orders.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task G1_a_commit_that_meets_the_paused_connection_pool_of_a_router_has_the_callback_run_again_which_may_take_another_router()
    {
        await DisposeAsync();
        await StartAsync(new MongoServerOptions { IsRouter = true });

        Assert.Equal(2, await RunAsync((handle, token) => InsertAsync(handle, "o1", token)));

        Assert.Equal(1, await Orders.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task G1_a_callback_whose_command_meets_a_paused_connection_pool_runs_again()
    {
        Assert.Equal(2, await RunAsync((handle, token) => InsertAsync(handle, "o1", token), (handle, token) => InsertAsync(handle, "o2", token)));

        Assert.Equal(2, await Orders.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    /// <summary>Runs a transaction whose connection is taken in its first run, behind the first part; what comes next meets the paused pool.</summary>
    /// <returns>How often it ran.</returns>
    private async Task<int> RunAsync(Func<IClientSessionHandle, CancellationToken, Task> first, Func<IClientSessionHandle, CancellationToken, Task>? then = null)
    {
        using var session = await _own.Client.StartSessionAsync();
        var (runs, other) = (0, Task.CompletedTask);
        await session.RunTransactionAsync(
            async (handle, token) =>
            {
                await first(handle, token);
                if (++runs == 1)
                {
                    other = await TakeTheConnectionAsync();
                }

                await (then?.Invoke(handle, token) ?? Task.CompletedTask);
                return true;
            },
            Options,
            CancellationToken.None);
        await Assert.ThrowsAnyAsync<MongoException>(() => other);
        Assert.Equal(1, _refused);
        return runs;
    }

    private Task InsertAsync(IClientSessionHandle session, string id, CancellationToken cancellationToken) =>
        Orders.InsertOneAsync(session, new BsonDocument("_id", id), cancellationToken: cancellationToken);

    /// <summary>Has an operation hold the only connection; it breaks when the next one asks for it.</summary>
    private async Task<Task> TakeTheConnectionAsync()
    {
        _server.Faults.Pause();
        var other = Orders.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        await _taken.Task;
        return other;
    }

    private void Taken(string command)
    {
        if (command == "ping")
        {
            _isTaken = true;
            _taken.TrySetResult();
        }
    }

    private void Break()
    {
        if (_isTaken)
        {
            _server.Faults.CloseConnections();
        }
    }

    private void Mend()
    {
        if (_isTaken)
        {
            _isTaken = false;
            _refused++;
            _server.Faults.Resume();
        }
    }
}
