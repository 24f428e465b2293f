using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Commands;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Journaling;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Replication;
using Outbox.Embedded.MongoDb.Serving;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb;

/// <summary>A MongoDB replica set of one member, in this process and on the loopback interface. It forgets everything when it ends, and can be made to fail.</summary>
public sealed class MongoServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Connection> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly MongoServerOptions _options;
    private readonly ServerState _state;
    private readonly Socket _listener;
    private readonly List<Task> _loops = [];
    private int _connectionIds;

    private MongoServer(MongoServerOptions options, ServerState state, Socket listener)
    {
        _options = options;
        _state = state;
        _listener = listener;
        Faults = new MongoServerFaults(state, CloseConnections);
    }

    /// <summary>The port that the server listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>How to connect to the server.</summary>
    public string ConnectionString => $"mongodb://127.0.0.1:{Port}/{(_options.IsRouter ? "" : $"?replicaSet={Node.SetName}")}";

    internal ServerState State => _state;

    /// <summary>The ways to make the server fail.</summary>
    public MongoServerFaults Faults { get; }

    /// <summary>Starts a server. It serves as soon as this returns.</summary>
    public static Task<MongoServer> StartAsync(MongoServerOptions? options = null)
    {
        options ??= new MongoServerOptions();
        var store = OpenStore(options);
        try
        {
            return Task.FromResult(Listen(options, new ServerState(store, options.TransactionLifetime, options.IsRouter)));
        }
        catch
        {
            store.CloseJournal();
            throw;
        }
    }

    private static Store OpenStore(MongoServerOptions options)
    {
        var store = new Store(new ServerClock(options.TimeProvider), new Oplog(options.OplogEntries, options.OplogBytes));
        if (options.DataDirectory is { } directory)
        {
            store.Journal = Replay.Restore(store, directory);
        }

        store.Begin(empty: options.DataDirectory is null);
        return store;
    }

    private static MongoServer Listen(MongoServerOptions options, ServerState state)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            listener.Listen(512);
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new InvalidOperationException($"The embedded MongoDB server cannot listen on 127.0.0.1:{options.Port} ({error.SocketErrorCode}): choose another port, or 0 for a free one.", error);
        }

        var server = new MongoServer(options, state, listener);
        state.Node.Address = $"127.0.0.1:{server.Port}";
        server.Run();
        return server;
    }

    /// <summary>Closes all connections and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        CloseConnections();
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _state.Elections.Dispose();
        _state.Store.CloseJournal();
        _stopping.Dispose();
    }

    private void Run()
    {
        var ttl = new TtlPass(_state.Store);
        _loops.Add(AcceptAsync());
        _loops.Add(RepeatAsync(_options.TtlInterval, () =>
        {
            if (_state.Node.IsPrimary && _state.Interruptions.Running.IsCompleted)
            {
                ttl.Run(_stopping.Token);
            }
        }));
        _loops.Add(RepeatAsync(TimeSpan.FromSeconds(1), () =>
        {
            _state.Sessions.Expire();
            _state.Cursors.Expire();
        }));
    }

    private async Task AcceptAsync()
    {
        var processor = new CommandProcessor(_state);
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                continue;
            }

            socket.NoDelay = true;
            var connection = new Connection(socket, processor, new Client(++_connectionIds), _options.SendTimeout);
            _connections[connection.Id] = connection;
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection.Id, out _);
            connection.Dispose();
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Action action)
    {
        using var timer = new PeriodicTimer(interval, _state.Clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                action();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void CloseConnections()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Close();
        }
    }
}
