namespace Demo.Checks;

/// <summary>How many documents are in which state.</summary>
internal sealed record Counts
{
    public static readonly Counts None = new();

    public OrderCounts Orders { get; init; } = new();

    public long ShipmentsPreparing { get; init; }

    public long ShipmentsShipped { get; init; }

    public long ShipmentsCancelled { get; init; }

    /// <summary>Messages in the two outboxes.</summary>
    public long Pending { get; init; }

    /// <summary>Messages that the two services have put aside.</summary>
    public long Parked { get; init; }

    /// <summary>Of those, messages that wait for a version before them, which the service asks for by itself.</summary>
    public long Waiting { get; init; }

    /// <summary>Whether nobody has anything left to do, as far as the databases tell.</summary>
    public bool IsQuiet => Orders.Placed == 0 && ShipmentsPreparing == 0 && Pending == 0 && Waiting == 0;
}
