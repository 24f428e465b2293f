using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Retrying;

namespace Outbox.Delivery.Relaying;

/// <summary>Says how sweeps end, and whose fault it is when they fail.</summary>
internal sealed class RelayOutcome(RelayHealth health, IOptions<OutboxOptions> options, RelayRuntime runtime, ILogger<RelayService> logger)
{
    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private int _failures;

    public void Swept()
    {
        _failures = 0;
        health.Swept();
    }

    /// <summary>Waits longer after each failure in a row.</summary>
    public async Task BackOffAsync(Exception error, CancellationToken stoppingToken)
    {
        var delay = _backoff.After(++_failures);
        if (error is StoreFailedException)
        {
            health.DatabaseFailed(error.Message);
            logger.RelayFailed(error, "MongoDB", error.Message.TrimEnd('.'), delay);
        }
        else
        {
            health.RelayFailed(error.Message);
            logger.RelayFailed(error, "the relay itself", error.Message.TrimEnd('.'), delay);
        }

        await Task.Delay(delay, runtime.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void FailedWhileStopping(Exception error)
    {
        if (error is not OperationCanceledException)
        {
            logger.RelayFailedWhileStopping(error, error.Message.TrimEnd('.'));
        }
    }
}
