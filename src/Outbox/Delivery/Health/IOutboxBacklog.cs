namespace Outbox.Delivery.Health;

/// <summary>How much there is in the outbox.</summary>
public interface IOutboxBacklog
{
    /// <summary>Looks, at a cost that does not grow with what is pending or parked in the outbox.</summary>
    Task<OutboxBacklog> ReadAsync(CancellationToken cancellationToken);
}
