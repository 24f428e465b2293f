using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>One look at all builds: those to scan are scanned here if nobody else does it, those with marked entities are seen to, those that have caught up are given to the readers.</summary>
internal sealed class ProjectionPass(ProjectionRegistry registry, MongoProjectionBuilds builds, BuildScans scans, BuildCare care, ILogger<ProjectionPass> logger)
{
    private readonly ConcurrentDictionary<string, Task> _scanning = new(StringComparer.Ordinal);
    private bool _ensured;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!_ensured)
        {
            foreach (var registration in registry.All)
            {
                await builds.EnsureAsync(registration, cancellationToken).ConfigureAwait(false);
            }

            _ensured = true;
        }

        var all = await builds.ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var build in all)
        {
            await care.RunAsync(build, all, cancellationToken).ConfigureAwait(false);
            if (build is { State: ProjectionState.Building, IsScanned: false } && (!_scanning.TryGetValue(build.Id, out var scanning) || scanning.IsCompleted))
            {
                _scanning[build.Id] = ScanAsync(build, cancellationToken);
            }
        }

        await care.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends when no scan runs here any more.</summary>
    public Task FinishAsync() => Task.WhenAll(_scanning.Values);

    private async Task ScanAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        try
        {
            await scans.TryRunAsync(build, cancellationToken).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            logger.RebuildElsewhere(build.Id);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the scan goes on where it was.
            logger.RebuildInterrupted(error, build.Id);
        }
        catch (Exception)
        {
            // The service stops.
        }
    }
}
