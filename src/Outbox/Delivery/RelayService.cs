using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery;

/// <summary>Runs the relay: again at once while there is work, after a signal or the query delay when there is none, later and later while the database fails.</summary>
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
                runtime.Health.DatabaseFailed(error.Message);
                await BackOffAsync(error, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                if (error is not OperationCanceledException)
                {
                    runtime.Logger.RelayFailedWhileStopping(error, error.Message);
                }
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        var pass = await leases.UseAsync(() => relay.SweepAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
        runtime.Health.Swept(pass);
        if (pass.IsUnanswered)
        {
            runtime.Logger.BatchUnanswered(pass.Error ?? "no answer");
        }

        _failures = 0;
        await wait.AfterAsync(pass, stoppingToken).ConfigureAwait(false);
    }

    private async Task BackOffAsync(Exception error, CancellationToken stoppingToken)
    {
        var delay = _backoff.After(++_failures);
        runtime.Logger.RelayFailed(error, error.Message, delay);
        await Task.Delay(delay, runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
