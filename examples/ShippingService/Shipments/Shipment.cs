namespace ShippingService.Shipments;

/// <summary>The parcel of an order. Every change raises its version by one and is announced by one message of that version.</summary>
internal sealed class Shipment
{
    /// <summary>The order's id: there is one shipment for each order.</summary>
    public required string Id { get; init; }

    /// <summary>When it is packed and can leave.</summary>
    public required DateTime PackedAt { get; init; }

    public string Status { get; private set; } = "";

    public string? TrackingNumber { get; private set; }

    public long Version { get; private set; }

    public List<StatusChange> History { get; private set; } = [];

    public static Shipment Prepare(string orderId, DateTimeOffset now, TimeSpan packingTime)
    {
        var shipment = new Shipment { Id = orderId, PackedAt = (now + packingTime).UtcDateTime };
        shipment.Enter(ShipmentStatus.Preparing, now);
        return shipment;
    }

    /// <summary>Lets the parcel leave unless it was stopped.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Ship(DateTimeOffset now)
    {
        if (Status != ShipmentStatus.Preparing)
        {
            return false;
        }

        TrackingNumber = $"T-{Id}";
        return Enter(ShipmentStatus.Shipped, now);
    }

    /// <summary>Stops the parcel unless it has left.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Cancel(DateTimeOffset now) => Status == ShipmentStatus.Preparing && Enter(ShipmentStatus.Cancelled, now);

    private bool Enter(string status, DateTimeOffset now)
    {
        Status = status;
        Version++;
        History.Add(new StatusChange(status, Version, now.UtcDateTime));
        return true;
    }
}
