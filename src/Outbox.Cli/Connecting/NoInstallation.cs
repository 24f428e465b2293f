using Outbox.MongoDb;

namespace Outbox.Cli.Connecting;

/// <summary>Takes the database as it is: a command line creates nothing in it, and asks for no right to.</summary>
internal sealed class NoInstallation : IInstallation
{
    public Task EnsureAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
