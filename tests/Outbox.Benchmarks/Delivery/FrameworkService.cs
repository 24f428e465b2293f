using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;

namespace Outbox.Benchmarks.Delivery;

/// A service on the framework, as a user would build it.
internal sealed class FrameworkService : IAsyncDisposable
{
    private readonly IHost _host;

    private FrameworkService(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IMongoDatabase Database => Services.GetRequiredService<IMongoDatabase>();

    public static async Task<FrameworkService> StartAsync(
        string mongoDb, string kafka, string database, Action<OutboxConfigurator>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddOutbox(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongoDb;
                m.DatabaseName = database;
            });
            o.UseKafka(k => k.BootstrapServers = kafka);
            configure?.Invoke(o);
        });
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new FrameworkService(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
