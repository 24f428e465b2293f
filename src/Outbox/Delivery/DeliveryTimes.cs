namespace Outbox.Delivery;

/// <summary>
/// How the parts of a lease are spent. A batch gets 40 %; the producer drops what it still has queued after 50 %; and a batch starts only with more
/// than 55 % left. So a relay that was paused finds its queue expired before the lease is, and nothing of it is sent behind the next owner's back.
/// </summary>
internal static class DeliveryTimes
{
    public const double BatchShare = 0.40;

    public const double QueueShare = 0.50;

    public const double NeededShare = 0.55;
}
