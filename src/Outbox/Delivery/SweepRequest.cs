using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>What a relay asks the outbox for.</summary>
/// <param name="Lanes">The lanes it holds.</param>
/// <param name="PageSize">The most messages of one page.</param>
/// <param name="HeldEntities">Entities whose messages wait for a person; delayed ones do not.</param>
/// <param name="ServerNow">The database server's time, for delayed messages.</param>
public sealed record SweepRequest(
    IReadOnlyCollection<int> Lanes, int PageSize, IReadOnlyCollection<Entity> HeldEntities, DateTimeOffset ServerNow)
{
    /// <summary>Entities whose turn has not come again after a failure, to leave out with their delayed messages; so many of them as a query should name.</summary>
    public IReadOnlyCollection<Entity> WaitingEntities { get; init; } = [];

    /// <summary>
    /// Topics, or the cluster, that take nothing now. Their messages are left out, and so is a message behind one of them in its entity's order.
    /// </summary>
    public IReadOnlyCollection<Place> ClosedPlaces { get; init; } = [];
}
