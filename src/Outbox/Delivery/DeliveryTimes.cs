namespace Outbox.Delivery;

/// <summary>
/// How the parts of a lease are spent. A batch gets 40 %; the producer drops what it still has queued after 50 %; and a batch starts only with more
/// than 55 % left. So a relay that was paused finds its queue expired before the lease is, and nothing of it is sent behind the next owner's back.
/// </summary>
public static class DeliveryTimes
{
    /// <summary>The share of a lease that one batch may take.</summary>
    public const double BatchShare = 0.40;

    /// <summary>The share of a lease after which the producer drops what it has not sent.</summary>
    public const double QueueShare = 0.50;

    /// <summary>The share of a lease that must be left for a batch to start.</summary>
    public const double NeededShare = 0.55;
}
