namespace Outbox.Delivery.Leases;

/// <summary>Who may relay which lane. All times are the database server's.</summary>
public interface ILeaseStore
{
    /// <summary>Shows that a relay lives, extends the leases it holds, and reads everyone's. At most one write waits for a majority: the leases run while it does.</summary>
    /// <param name="owner">The relay.</param>
    /// <param name="duration">How long the leases run from now, and after how long a silent relay counts as gone.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<LeaseView> HeartbeatAsync(string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Takes those of some lanes that are free or whose leases ended, in one write.</summary>
    /// <returns>The lanes that are now the owner's.</returns>
    Task<IReadOnlyCollection<int>> AcquireAsync(IReadOnlyCollection<int> lanes, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Whether a lane is the owner's, with its lease still running.</summary>
    Task<bool> OwnsAsync(int lane, string owner, CancellationToken cancellationToken);

    /// <summary>Gives lanes back at once, so that another relay need not wait for the lease to end.</summary>
    Task ReleaseAsync(IReadOnlyCollection<int> lanes, string owner, CancellationToken cancellationToken);

    /// <summary>Takes a relay off the list of the living.</summary>
    Task LeaveAsync(string owner, CancellationToken cancellationToken);
}
