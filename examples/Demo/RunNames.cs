namespace Demo;

/// <summary>The databases, topics and groups of one run. On servers that others use too, every run has names of its own.</summary>
internal sealed record RunNames(string Prefix)
{
    public string OrdersDatabase => Prefix + "orders";

    public string ShippingDatabase => Prefix + "shipping";

    public string OrdersTopic => Prefix + "orders";

    public string ShipmentsTopic => Prefix + "shipments";

    public string ShippingCommandsTopic => Prefix + "shipping.commands";

    public string ShippingRequestsTopic => Prefix + "shipping.requests";

    public string ReplyTopic => Prefix + "order-service.replies";

    public string OrderEndpoint => Prefix + "order-service";

    public string ShippingEndpoint => Prefix + "shipping-service";

    /// <summary>The topics whose events are counted.</summary>
    public string[] Topics => [OrdersTopic, ShipmentsTopic];

    public string[] AllTopics => [.. Topics, ShippingCommandsTopic, ShippingRequestsTopic, ReplyTopic, OrdersTopic + ".repair"];

    public static RunNames For(DemoOptions options) => new(options.HasOwnServers ? $"demo-{Guid.CreateVersion7():N}-" : "");
}
