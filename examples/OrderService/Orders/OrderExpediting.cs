using Contracts;
using Outbox;
using Outbox.Capture;

namespace OrderService.Orders;

/// <summary>Asks the shipping service to hurry. Whether it does is its own decision: it answers with an event or with a refusal.</summary>
internal sealed class OrderExpediting(IOutbox outbox, TimeProvider time)
{
    // Later than this the parcel has left anyway.
    private static readonly TimeSpan WorthHurrying = TimeSpan.FromMinutes(1);

    /// <returns>The order, or <see langword="null"/> when there is none.</returns>
    public Task<Order?> ExpediteAsync(string id, CancellationToken cancellationToken) => outbox.ExecuteAsync(async (tx, ct) =>
    {
        var order = await tx.FindAsync<Order>(id, ct);
        if (order is not null)
        {
            tx.Send(new ExpediteShipment(id), id, options: new MessageOptions { ExpiresAt = time.GetUtcNow() + WorthHurrying });
        }

        return order;
    }, cancellationToken);
}
