using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outbox.Delivery.Leases;

/// <summary>Renews the relay's leases in time, beside the relaying, and gives them back at shutdown.</summary>
internal sealed class LeaseService(LaneLeases leases, IOptions<OutboxOptions> options, TimeProvider time, ILogger<LeaseService> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!options.Value.RelayEnabled)
        {
            return;
        }

        try
        {
            await leases.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            logger.LeasesNotReleased(error, options.Value.LeaseDuration);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RelayEnabled)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await leases.RenewAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LeasesNotRenewed(error);
            }
            catch (Exception)
            {
                // The service is stopping: leases are given back next, and it is logged when that fails.
                return;
            }

            await Task.Delay(options.Value.LeaseDuration / 5, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
