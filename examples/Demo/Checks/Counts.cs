namespace Demo.Checks;

/// <summary>How many documents are in which state.</summary>
internal sealed record Counts(
    long OrdersPlaced, long OrdersShipped, long OrdersCancelled,
    long ShipmentsPreparing, long ShipmentsShipped, long ShipmentsCancelled,
    long Pending, long Parked)
{
    public static readonly Counts None = new(0, 0, 0, 0, 0, 0, 0, 0);

    public long Orders => OrdersPlaced + OrdersShipped + OrdersCancelled;

    /// <summary>Whether nobody has anything left to do, as far as the databases tell.</summary>
    public bool IsQuiet => OrdersPlaced == 0 && ShipmentsPreparing == 0 && Pending == 0;
}
