using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;

namespace Outbox.Delivery.Watching;

/// <summary>Says what became of watching.</summary>
internal sealed class WatchReport(RelaySignal signal, RelayHealth health, RelayMetrics metrics, IOptions<OutboxOptions> options, ILogger<WatchReport> logger)
{
    /// <summary>How often it has failed since it last worked.</summary>
    public int Failures { get; private set; }

    public void Committed()
    {
        Failures = 0;
        health.Watches = true;
        signal.Raise();
    }

    public void Failed(Exception error)
    {
        Failures++;
        health.Watches = false;
        metrics.WatchFailed();
        logger.WatchFailed(error, options.Value.QueryDelay);
    }

    /// <summary>Without lanes there is nothing to watch for.</summary>
    public void Rests() => health.Watches = null;
}
