using Microsoft.Extensions.Hosting;
using Outbox.MongoDb.Installation;

namespace Outbox.MongoDb.Configuration;

/// <summary>Runs the installer before any other hosted service starts. A test harness without a host calls <see cref="StartAsync"/> only.</summary>
internal sealed class InstallerService(MongoInstaller installer) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => installer.EnsureAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => installer.EnsureAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
