using System.ComponentModel.DataAnnotations;

namespace ShippingService.Shipments;

/// <summary>Settings of the warehouse; configuration section <c>Shipping</c>.</summary>
internal sealed class ShippingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shipping";

    /// <summary>How long it takes to pack a parcel; until then its order can be cancelled.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan PackingTime { get; set; } = TimeSpan.FromMilliseconds(500);
}
