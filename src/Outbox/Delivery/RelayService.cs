using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery;

/// <summary>Runs the relay: again at once while there is work, after a signal or the query delay when there is none, later and later while it fails.</summary>
internal sealed class RelayService(
    Relay relay, LaneLeases leases, RelayWait wait, IOptions<OutboxOptions> options, RelayRuntime runtime) : BackgroundService
{
    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private int _failures;

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
                await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                await BackOffAsync(error, error.Message, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        await leases.BalanceAsync(stoppingToken).ConfigureAwait(false);
        var pass = await relay.SweepAsync(stoppingToken).ConfigureAwait(false);
        if (pass.IsOutage)
        {
            await BackOffAsync(null, pass.Error ?? "unknown", stoppingToken).ConfigureAwait(false);
            return;
        }

        _failures = 0;
        await wait.AfterAsync(pass, stoppingToken).ConfigureAwait(false);
    }

    private async Task BackOffAsync(Exception? error, string reason, CancellationToken stoppingToken)
    {
        var delay = _backoff.After(++_failures);
        runtime.Logger.RelayFailed(error, reason, delay);
        await Task.Delay(delay, runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
