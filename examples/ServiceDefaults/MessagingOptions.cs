namespace ServiceDefaults;

/// <summary>The names on Kafka; configuration section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Messaging";

    /// <summary>The topic of the orders' events.</summary>
    public string OrdersTopic { get; set; } = "orders";

    /// <summary>The topic of the shipments' events.</summary>
    public string ShipmentsTopic { get; set; } = "shipments";

    /// <summary>The topic of the commands to the shipping service.</summary>
    public string ShippingCommandsTopic { get; set; } = "shipping.commands";

    /// <summary>The topic of the requests that the shipping service answers.</summary>
    public string ShippingRequestsTopic { get; set; } = "shipping.requests";

    /// <summary>The consumer group; it also names the service's inbox records.</summary>
    public string Endpoint { get; set; } = "";
}
