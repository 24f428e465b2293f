using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Outbox.Tests.Configuration;

/// <summary>Starts a service as a newcomer does, with all that a development host validates, and keeps what it says.</summary>
internal sealed class Start : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _log = [];

    /// <summary>What the service would show: the exception with all that is inside it, and the log.</summary>
    public static async Task<string> RefusedAsync(Action<IServiceCollection> configure, params (string Setting, string Value)[] settings)
    {
        var start = new Start();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => start.RunAsync(configure, settings));
        return string.Join('\n', [error.ToString(), .. start._log]);
    }

    public static Task WorksAsync(Action<IServiceCollection> configure, params (string Setting, string Value)[] settings) => new Start().RunAsync(configure, settings);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }

    private async Task RunAsync(Action<IServiceCollection> configure, (string Setting, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        builder.Logging.AddProvider(this).SetMinimumLevel(LogLevel.Debug);
        foreach (var (setting, value) in settings)
        {
            builder.Configuration["Outbox:" + setting] = value;
        }

        configure(builder.Services);
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }
}
