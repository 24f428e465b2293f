using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Integration.Tests.Hanging;

/// <summary>A way to the database that freezes once, at the moment when a client sends one kind of command over it.</summary>
internal sealed class HangingDatabase : IDisposable
{
    private readonly FreezingProxy _proxy;
    private readonly Loss _loss;
    private readonly TaskCompletionSource _hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OwnClient _client;
    private string? _step;

    private HangingDatabase(string connection, TimeSpan lease, Loss loss)
    {
        var server = MongoUrl.Create(connection).Server;
        (_proxy, _loss) = (new FreezingProxy(server.Port), loss);
        Connection = $"mongodb://{_proxy.Address}/?directConnection=true";
        var settings = MongoClientSettings.FromConnectionString(Connection);
        HangLimits.Apply(settings, Connection, lease);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(Started);
        _client = new OwnClient(settings);
    }

    public string Connection { get; }

    public IMongoClient Client => _client.Client;

    /// <summary>Before the database that all tests of the run share.</summary>
    public static async Task<HangingDatabase> StartAsync(TimeSpan lease, Loss loss) => new((await MongoDbServer.GetAsync()).ConnectionString, lease, loss);

    /// <summary>Has the next command of this kind, as <c>insert outbox</c>, find the server hanging.</summary>
    public void HangAt(string step) => Volatile.Write(ref _step, step);

    /// <summary>Ends when a command has.</summary>
    public Task HungAsync() => _hung.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>What was sent late arrives.</summary>
    public Task ReleaseAsync() => _proxy.ReleaseAsync();

    public void Dispose()
    {
        _client.Dispose();
        _proxy.Dispose();
    }

    private void Started(CommandStartedEvent command)
    {
        if (Volatile.Read(ref _step) is { } step && (step == command.CommandName || step == $"{command.CommandName} {command.Command[0]}")
            && Interlocked.CompareExchange(ref _step, null, step) == step)
        {
            _proxy.Freeze(_loss);
            _hung.TrySetResult();
        }
    }
}
