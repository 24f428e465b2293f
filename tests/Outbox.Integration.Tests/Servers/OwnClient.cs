using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace Outbox.Integration.Tests.Servers;

/// <summary>
/// A client that ends with its service. The driver keeps the connections of settings that it has not seen before until the process ends, with threads that question the server at every heartbeat, whether
/// the client is disposed or not: hundreds of them were a quarter of what the suite costs.
/// </summary>
internal sealed class OwnClient : IDisposable
{
    // A client that is disposed does not say any more what it was connected to.
    private readonly ICluster _connections;

    public OwnClient(MongoClientSettings settings)
    {
        // Settings that are equal share their connections, and those must not end with one of them.
        var own = settings.Clone();
        own.ClusterConfigurator = cluster => settings.ClusterConfigurator?.Invoke(cluster);
        Client = new MongoClient(own);
        _connections = Client.Cluster;
    }

    public MongoClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        _connections.Dispose();
    }
}

internal static class OwnClientExtensions
{
    /// <summary>Registers a client that ends with the service.</summary>
    public static IServiceCollection AddOwnClient(this IServiceCollection services, MongoClientSettings settings) => services.AddOwnClient(_ => settings);

    /// <summary>Registers a client that ends with the service.</summary>
    public static IServiceCollection AddOwnClient(this IServiceCollection services, Func<IServiceProvider, MongoClientSettings> settings) => services
        .AddSingleton(provider => new OwnClient(settings(provider)))
        .AddSingleton<IMongoClient>(provider => provider.GetRequiredService<OwnClient>().Client);
}
