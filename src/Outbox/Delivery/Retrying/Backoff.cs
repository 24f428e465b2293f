namespace Outbox.Delivery.Retrying;

/// <summary>Waits that double up to a limit, each with up to half taken off at random so that relays do not retry in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    /// <summary>The wait after so many failures in a row.</summary>
    public TimeSpan After(int failures)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, longest.TotalMilliseconds) * (1 - (random.NextDouble() / 2)));
    }
}
