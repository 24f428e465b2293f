using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery.Watching;

/// <summary>
/// Wakes this process's relay when another process commits messages, while it holds a lane: a change stream costs the server work. Whatever goes wrong here costs latency only: the
/// relay polls anyway.
/// </summary>
internal sealed class WatchService(
    IOutboxWatcher watcher, LaneLeases leases, WatchReport report, IOptions<OutboxOptions> options, RelayRuntime runtime) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RelayEnabled || !options.Value.WatchChanges)
        {
            return;
        }

        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), runtime.Random);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await leases.WaitForAsync(anyLane: true, stoppingToken).ConfigureAwait(false);
                if (await WatchAsync(stoppingToken).ConfigureAwait(false))
                {
                    continue;
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                report.Failed(error);
            }
            catch (Exception)
            {
                // However the watch ended: the service is stopping, and nobody is to be woken any more.
                return;
            }

            await Task.Delay(backoff.After(Math.Max(1, report.Failures)), runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether the watch ended because the lanes went.</returns>
    private async Task<bool> WatchAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var watching = watcher.WatchAsync(report.Committed, stop.Token);
        var gone = leases.WaitForAsync(anyLane: false, stop.Token);
        var first = await Task.WhenAny(watching, gone).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == watching)
        {
            await watching.ConfigureAwait(false);
            return false;
        }

        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        report.Rests();
        return true;
    }
}
