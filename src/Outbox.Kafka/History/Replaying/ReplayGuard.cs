using Outbox.Delivery;
using Outbox.Delivery.Leases;

namespace Outbox.Kafka.History.Replaying;

/// <summary>Keeps an instance that lost the lease of a replay, while it was paused, from publishing: another one goes on.</summary>
/// <param name="lease">How long a lease is.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayGuard(TimeSpan lease, TimeProvider time) : ILaneGuard
{
    private static readonly HashSet<int> None = [];
    private long _takenAt;
    private DateTimeOffset _serverTime;

    /// <summary>Begins to count, before the server is asked.</summary>
    public void Taking() => _takenAt = time.GetTimestamp();

    /// <summary>The server has answered.</summary>
    /// <param name="serverTime">Its time then.</param>
    public void Taken(DateTimeOffset serverTime) => _serverTime = serverTime - time.GetElapsedTime(_takenAt);

    /// <inheritdoc/>
    public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => Task.FromResult(MaySend(lane));

    /// <inheritdoc/>
    public bool MaySend(int lane) => time.GetElapsedTime(_takenAt) < lease * (1 - DeliveryTimes.NeededShare);

    /// <inheritdoc/>
    public IReadOnlySet<int> Lanes => None;

    /// <inheritdoc/>
    public long Takeovers => 0;

    /// <inheritdoc/>
    public DateTimeOffset Now => _serverTime + time.GetElapsedTime(_takenAt);
}
