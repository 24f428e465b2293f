using Demo.Orders;

namespace Demo.Checks;

/// <summary>All that the verdict is computed from.</summary>
internal sealed record Evidence
{
    /// <summary>What the order service has answered.</summary>
    public required IReadOnlyCollection<Acknowledged> Acknowledged { get; init; }

    public required IReadOnlyList<EntityState> Orders { get; init; }

    public required IReadOnlyList<EntityState> Shipments { get; init; }

    /// <summary>The orders as the shipping service knows them.</summary>
    public required IReadOnlyList<EntityState> OrderViews { get; init; }

    /// <summary>The shipments as the order service knows them.</summary>
    public required IReadOnlyList<EntityState> ShipmentViews { get; init; }

    /// <summary>What the services have published, in Kafka's order.</summary>
    public required IReadOnlyList<PublishedMessage> Published { get; init; }

    /// <summary>The orders the news of whose cancellation never left.</summary>
    public IReadOnlyCollection<string> Lost { get; init; } = [];

    /// <summary>The rows of the list that was built again; <see langword="null"/> if it did not come to be the one in use.</summary>
    public IReadOnlyList<EntityState>? List { get; init; }

    public required long Pending { get; init; }

    public required long Parked { get; init; }
}
