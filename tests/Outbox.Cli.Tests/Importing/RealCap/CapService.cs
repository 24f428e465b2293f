using DotNetCore.CAP;
using DotNetCore.CAP.Persistence;
using DotNetCore.CAP.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing.RealCap;

/// <summary>A service on CAP 10, as it is, with a storage and a transport like those of its packages for MongoDB and Kafka: it publishes orders, and bills them.</summary>
internal sealed class CapService : IAsyncDisposable
{
    /// <summary>CAP's own times, much shortened: how old a message is that its retries look for, and how often they do.</summary>
    private const int LookbackSeconds = 3;
    private const int IntervalSeconds = 1;
    private const int MostRetries = 100_000;

    private readonly IHost _host;

    private CapService(IHost host) => _host = host;

    public CapTransport Transport => _host.Services.GetRequiredService<CapTransport>();

    public Billing Billed => _host.Services.GetRequiredService<Billing>();

    public ICapPublisher Publisher => _host.Services.GetRequiredService<ICapPublisher>();

    /// <summary>Starts one on the servers and the topic of a shop.</summary>
    /// <param name="shop">The shop.</param>
    /// <param name="usesStorageLock">Whether only one of its processes retries at a time.</param>
    public static async Task<CapService> StartAsync(Shop shop, bool usesStorageLock)
    {
        var kafka = shop.Environment["OUTBOX_KAFKA"];
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddSingleton(shop.Documents).AddSingleton(_ => new CapTransport(kafka)).AddSingleton<Billing>();
        builder.Services.AddSingleton<ITransport>(services => services.GetRequiredService<CapTransport>()).AddSingleton<IConsumerClientFactory>(services => services.GetRequiredService<CapTransport>());
        builder.Services.AddSingleton<ICapSubscribe>(services => services.GetRequiredService<Billing>());
        builder.Services.AddCap(x =>
        {
            // However often the test has it try in vain.
            x.FailedRetryCount = MostRetries;
            (x.UseStorageLock, x.FailedRetryInterval, x.FallbackWindowLookbackSeconds) = (usesStorageLock, IntervalSeconds, LookbackSeconds);
            (x.DefaultGroupName, x.TopicNamePrefix) = ($"cap-{shop.Topic}", shop.Topic[..shop.Topic.LastIndexOf('.')]);
            // As a reader of ours is told to: our names are in camel case.
            x.JsonSerializerOptions.PropertyNameCaseInsensitive = true;
            x.RegisterExtension(new Parts());
        });
        var service = new CapService(builder.Build());
        await service._host.StartAsync();
        return service;
    }

    /// <summary>Ends it in an orderly way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Parts : ICapOptionsExtension
    {
        public void AddServices(IServiceCollection services)
        {
            services.AddSingleton(new CapStorageMarkerService("MongoDB")).AddSingleton(new CapMessageQueueMakerService("Kafka"));
            services.AddSingleton<CapStorage>();
            services.AddSingleton<IDataStorage>(provider => provider.GetRequiredService<CapStorage>()).AddSingleton<IStorageInitializer>(provider => provider.GetRequiredService<CapStorage>());
        }
    }
}
