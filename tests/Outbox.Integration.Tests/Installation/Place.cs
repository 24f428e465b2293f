using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Embedded.MongoDb;
using Outbox.Integration.Tests.Servers;
using Outbox.MongoDb.Installation;

namespace Outbox.Integration.Tests.Installation;

/// <summary>A database to install in, on the server of the run or, to make it fail, on one of the test's own.</summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly List<ServiceProvider> _services = [];
    private readonly MongoServer? _own;

    private Place(string connection, MongoServer? own)
    {
        (Connection, _own) = (connection, own);
        Database = new MongoClient(connection).GetDatabase($"t{Guid.NewGuid():N}");
    }

    public string Connection { get; }

    public IMongoDatabase Database { get; }

    public static async Task<Place> SharedAsync() => new((await MongoDbServer.GetAsync()).ConnectionString, null);

    public static async Task<Place> AloneAsync()
    {
        var server = await MongoServer.StartAsync();
        return new(server.ConnectionString, server);
    }

    /// <summary>Services of which nothing is started.</summary>
    public ServiceProvider Services(Action<OutboxConfigurator>? configure = null, Action<IServiceCollection>? own = null, params (string Setting, string Value)[] settings)
    {
        (string, string)[] place = own is null ? [("MongoDb:Connection", Connection), ("MongoDb:DatabaseName", Database.DatabaseNamespace.DatabaseName)] : [];
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning))
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
                place.Concat(settings).Select(setting => KeyValuePair.Create("Outbox:" + setting.Item1, (string?)setting.Item2))).Build());
        own?.Invoke(services);
        services.AddOutbox(o =>
        {
            o.UseMongoDb();
            o.RelayEnabled = false;
            o.Topic("orders", t => t.Message<OrderPlaced>());
            configure?.Invoke(o);
        });
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        _services.Add(provider);
        return provider;
    }

    public Task InstallAsync(params (string Setting, string Value)[] settings) => Services(settings: settings).GetRequiredService<MongoInstaller>().InstallAsync();

    public async Task<OutboxConfigurationException> RefusedAsync(params (string Setting, string Value)[] settings) =>
        await Assert.ThrowsAsync<OutboxConfigurationException>(() => InstallAsync(settings));

    public async Task<List<BsonDocument>> IndexesAsync(string collection) => await (await Database.GetCollection<BsonDocument>(collection).Indexes.ListAsync()).ToListAsync();

    public async Task<List<string>> CollectionsAsync() => await (await Database.ListCollectionNamesAsync()).ToListAsync();

    public static Task PublishAsync(IServiceProvider services, string entity) => services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced(entity, 7), entity, 1);
        return Task.CompletedTask;
    });

    /// <summary>Lets the server of the test's own refuse commands until <see cref="AllowAsync"/>.</summary>
    public Task RefuseAsync(int code, params string[] commands) => FailAsync("alwaysOn", code, commands);

    public Task RefuseOnceAsync(int code, params string[] commands) => FailAsync(new BsonDocument("times", 1), code, commands);

    /// <summary>Lets the server of the test's own close the connection at a command, once.</summary>
    public Task BreakOnceAsync(params string[] commands) => FailAsync(new BsonDocument("times", 1), new BsonDocument("closeConnection", true), commands);

    public Task AllowAsync() => Database.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(
        new BsonDocument { { "configureFailPoint", "failCommand" }, { "mode", "off" } });

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services)
        {
            await services.DisposeAsync();
        }

        if (_own is not null)
        {
            Database.Client.Cluster.Dispose();
            await _own.DisposeAsync();
        }
    }

    private Task FailAsync(BsonValue mode, int code, string[] commands) => FailAsync(mode, new BsonDocument("errorCode", code), commands);

    private Task FailAsync(BsonValue mode, BsonDocument how, string[] commands) => Database.Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument
    {
        { "configureFailPoint", "failCommand" }, { "mode", mode }, { "data", new BsonDocument(how) { { "failCommands", new BsonArray(commands) } } },
    });
}
