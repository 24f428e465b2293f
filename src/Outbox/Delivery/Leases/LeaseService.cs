using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;

namespace Outbox.Delivery.Leases;

/// <summary>Renews the relay's leases in time, beside the relaying, and gives them back at shutdown.</summary>
internal sealed class LeaseService(
    LaneLeases leases, RelayHealth health, IOptions<OutboxOptions> options, TimeProvider time, ILogger<LeaseService> logger) : BackgroundService
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
            var started = time.GetTimestamp();
            try
            {
                await leases.RenewAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                health.LeasesFailed($"The relay's leases could not be renewed: {error.Message}");
                logger.LeasesNotRenewed(error);
            }
            catch (Exception)
            {
                // The service is stopping: leases are given back next, and it is logged when that fails.
                return;
            }

            await Task.Delay(RestAfter(time.GetElapsedTime(started)), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The slower the confirmation, the shorter the rest: what is left of a lease is all there is to publish in.</summary>
    private TimeSpan RestAfter(TimeSpan took)
    {
        var (every, least) = (options.Value.LeaseDuration / 5, options.Value.LeaseDuration / 50);
        return every - took > least ? every - took : least;
    }
}
