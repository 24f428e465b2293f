using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery.Watching;

/// <summary>Wakes this process's relay when another process commits messages. Whatever goes wrong here costs latency only: the relay polls anyway.</summary>
internal sealed class WatchService(IOutboxWatcher watcher, RelaySignal signal, IOptions<OutboxOptions> options, RelayRuntime runtime) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RelayEnabled || !options.Value.WatchChanges)
        {
            return;
        }

        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), runtime.Random);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await watcher.WatchAsync(Committed, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                failures++;
                runtime.Health.Watches = false;
                RelayMetrics.WatchFailures.Add(1);
                runtime.Logger.WatchFailed(error, options.Value.QueryDelay);
            }
            catch (Exception)
            {
                // However the watch ended: the service is stopping, and nobody is to be woken any more.
                return;
            }

            await Task.Delay(backoff.After(Math.Max(1, failures)), runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Committed()
        {
            failures = 0;
            runtime.Health.Watches = true;
            signal.Raise();
        }
    }
}
