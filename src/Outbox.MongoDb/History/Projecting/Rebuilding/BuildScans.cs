using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.History.Projecting.Building;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Scans the history for a build where no other instance does.</summary>
internal sealed class BuildScans(OutboxCollections collections, RelayIdentity identity, Rebuild rebuild, IOptions<OutboxOptions> options)
{
    public async Task TryRunAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        var scan = new BuildScan(collections, identity, build, options.Value.LeaseDuration);
        if (!await scan.TakeAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await rebuild.RunAsync(scan, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await scan.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
