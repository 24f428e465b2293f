using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outbox.Delivery.Health;
using Outbox.Operations.Pausing;

namespace Outbox.Delivery.Watching;

/// <summary>Looks every second what is paused, for the whole process, and wakes the relay when that changes.</summary>
internal sealed class PauseService(PauseBook pauses, RelayHealth health, RelaySignal signal, TimeProvider time, ILogger<PauseService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool _failed;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await LookAsync(stoppingToken).ConfigureAwait(false))
            {
                signal.Raise();
            }

            health.Pauses = pauses.All;
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> LookAsync(CancellationToken stoppingToken)
    {
        var ended = pauses.Expire();
        try
        {
            var changed = await pauses.LookAsync(stoppingToken).ConfigureAwait(false);
            _failed = false;
            return changed || ended;
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_failed)
            {
                logger.PausesNotRead(error);
            }

            _failed = true;
        }
        catch (Exception)
        {
            // The service is stopping.
        }

        return ended;
    }
}
