using Contracts;
using MassTransit;
using OrderService.Orders;
using Outbox;
using Outbox.Versioning;

namespace OrderService.Shipments;

/// <summary>
/// Follows the shipments and moves the orders on. The inbox record, these writes and the messages they publish are one transaction;
/// a duplicate never gets here, and what is older than the view changes nothing.
/// </summary>
internal sealed class ShipmentConsumer(ShipmentViews shipments)
    : IConsumer<ShipmentCreated>, IConsumer<ShipmentShipped>, IConsumer<ShipmentCancelled>
{
    public Task Consume(ConsumeContext<ShipmentCreated> context) =>
        ApplyAsync(context, new ShipmentView { Id = context.Message.OrderId, Status = "PREPARING" });

    public async Task Consume(ConsumeContext<ShipmentShipped> context)
    {
        var view = new ShipmentView { Id = context.Message.OrderId, Status = "SHIPPED", TrackingNumber = context.Message.TrackingNumber };
        if (await ApplyAsync(context, view) == ApplyOutcome.Applied)
        {
            await ShipOrderAsync(context);
        }
    }

    // The order was cancelled before; that is why the shipment was.
    public Task Consume(ConsumeContext<ShipmentCancelled> context) =>
        ApplyAsync(context, new ShipmentView { Id = context.Message.OrderId, Status = "CANCELLED" });

    private Task<ApplyOutcome> ApplyAsync(ConsumeContext context, ShipmentView view) =>
        shipments.Collection.ApplyAsync(context.Session(), context.Stamp(), view, context.CancellationToken);

    private static async Task ShipOrderAsync(ConsumeContext<ShipmentShipped> context)
    {
        var order = await context.Transaction().LoadAsync<Order>(context.Message.OrderId, context.CancellationToken);
        order.Ship();
        await context.Transaction().SaveAsync(order, context.CancellationToken);
    }
}
