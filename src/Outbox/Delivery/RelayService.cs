using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;

namespace Outbox.Delivery;

/// <summary>Runs the relay: again at once while there is work, after a signal or the query delay when there is none, later and later while it fails.</summary>
internal sealed class RelayService(
    Relay relay, LaneLeases leases, RelaySignal signal, IOptions<OutboxOptions> options, RelayRuntime runtime) : BackgroundService
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
        if (pass.Failed > 0)
        {
            await BackOffAsync(null, pass.Error ?? "unknown", stoppingToken).ConfigureAwait(false);
            return;
        }

        _failures = 0;
        if (!pass.FoundWork)
        {
            await signal.WaitAsync(options.Value.QueryDelay, runtime.Time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task BackOffAsync(Exception? error, string reason, CancellationToken stoppingToken)
    {
        var wait = _backoff.After(++_failures);
        runtime.Logger.RelayFailed(error, reason, wait);
        await Task.Delay(wait, runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
