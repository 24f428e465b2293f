namespace Outbox.Delivery.Leases;

/// <summary>Keeps a relay that lost a lane from publishing its messages.</summary>
public interface ILaneGuard
{
    /// <summary>Whether the lane is this relay's at this moment of the server.</summary>
    /// <exception cref="StoreFailedException">The database did not say so.</exception>
    Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a message of a lane that a producer queues now will be sent, or dropped from its queue, before this relay's lease of the lane ends. By this process's
    /// monotonic clock, without asking the server, so that it can be asked for every message just before it is queued.
    /// </summary>
    bool MaySend(int lane);

    /// <summary>The lanes that this relay holds now.</summary>
    IReadOnlySet<int> Lanes { get; }

    /// <summary>How often this relay has taken lanes: what it knew before, their last owners may have known better.</summary>
    long Takeovers { get; }

    /// <summary>The database server's time: what a record on Kafka is stamped with, so that a host whose clock is wrong stamps none wrongly.</summary>
    DateTimeOffset Now { get; }
}
