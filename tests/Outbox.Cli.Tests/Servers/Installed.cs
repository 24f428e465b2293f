using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Capture;

namespace Outbox.Cli.Tests.Servers;

/// <summary>A database in which a service was installed, and nothing runs: for what only has to be there.</summary>
internal static class Installed
{
    private static readonly Lazy<Task<string>> Shared = new(InstallAsync);

    public static Task<string> DatabaseAsync() => Shared.Value;

    public static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync() => new Dictionary<string, string>
    {
        ["OUTBOX_MONGODB"] = (await TestServers.GetAsync()).MongoDb.ConnectionString,
        ["OUTBOX_DATABASE"] = await DatabaseAsync(),
    };

    private static async Task<string> InstallAsync()
    {
        var servers = await TestServers.GetAsync();
        var database = $"t{Guid.NewGuid():N}";
        var services = new ServiceCollection().AddLogging();
        services.AddOutbox(o => o.UseMongoDb(m => (m.Connection, m.DatabaseName) = (servers.MongoDb.ConnectionString, database)));
        await using var provider = services.BuildServiceProvider();

        // The first use installs where there is no host.
        await provider.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => Task.CompletedTask);
        return database;
    }
}
