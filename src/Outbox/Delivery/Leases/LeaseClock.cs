using System.Globalization;
using Microsoft.Extensions.Logging;
using Outbox.Delivery.Health;

namespace Outbox.Delivery.Leases;

/// <summary>Watches how long MongoDB takes to confirm the leases: they run meanwhile, and only what is left of them can be used.</summary>
internal sealed class LeaseClock(TimeProvider time, RelayHealth health, ILogger<LeaseClock> logger)
{
    /// <summary>The share of a lease that its confirmation may take without a word.</summary>
    private const double SilentShare = 0.25;

    private bool _slow;

    public long Now => time.GetTimestamp();

    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    /// <summary>Notes how long a confirmation took, and says so once when that is too long, and once when it is not any more.</summary>
    public void Confirmed(TimeSpan took, TimeSpan duration)
    {
        var slow = took > duration * SilentShare;
        if (slow)
        {
            Report(took, duration);
        }
        else
        {
            health.LeasesKept();
            if (_slow)
            {
                logger.LeasesInTime(took);
            }
        }

        _slow = slow;
    }

    private void Report(TimeSpan took, TimeSpan duration)
    {
        var most = duration * (1 - DeliveryTimes.NeededShare);
        var effect = took > most
            ? "Nothing is published"
            : string.Create(CultureInfo.InvariantCulture, $"Publishing pauses, and stops altogether above {most.TotalSeconds:0.#} s");
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"A majority of MongoDB's members took {took.TotalSeconds:0.#} s to confirm leases that run for {duration.TotalSeconds:0.#} s. {effect}: see why the members lag, or raise Outbox:LeaseDuration.");
        health.LeasesFailed(reason);
        if (!_slow)
        {
            logger.LeasesSlow(reason);
        }
    }
}
