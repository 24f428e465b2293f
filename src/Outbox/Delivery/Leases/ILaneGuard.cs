namespace Outbox.Delivery.Leases;

/// <summary>Asks the database server whether this relay still owns a lane.</summary>
public interface ILaneGuard
{
    /// <summary>Whether the lane is this relay's at this moment of the server.</summary>
    Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken);
}
