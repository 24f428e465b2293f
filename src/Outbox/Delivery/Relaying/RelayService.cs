using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;

namespace Outbox.Delivery.Relaying;

/// <summary>Runs the relay: again at once while there is work, after a signal or the query delay when there is none, later and later while the database fails.</summary>
internal sealed class RelayService(
    Relay relay, LaneLeases leases, RelayWait wait, RelayOutcome outcome, IOptions<OutboxOptions> options) : BackgroundService, IAsyncDisposable
{
    /// <summary>Where a host is disposed without having been stopped, what the sweep that is running needs is disposed next: it is let come to its end first.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(options.Value.LeaseDuration * DeliveryTimes.NeededShare, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RelayEnabled)
        {
            return;
        }

        // Whatever started the host is no cause of what is relayed.
        Activity.Current = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var pass = await leases.UseAsync(() => relay.SweepAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
                outcome.Swept();
                await wait.AfterAsync(pass, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                await outcome.BackOffAsync(error, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                outcome.FailedWhileStopping(error);
            }
        }
    }
}
