using Contracts;
using MassTransit;
using Outbox;
using Outbox.Versioning;
using ShippingService.Shipments;

namespace ShippingService.Orders;

/// <summary>
/// Follows the orders, starts their shipments and stops them. The inbox record, these writes and the messages they publish are one transaction;
/// a duplicate never gets here, and what comes too early waits until the changes before it have come.
/// </summary>
internal sealed class OrderConsumer(OrderViews orders, ShipmentStore shipments, Dispatch dispatch)
    : IConsumer<OrderPlaced>, IConsumer<OrderCancelled>, IConsumer<OrderShipped>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var (orderId, item, quantity) = context.Message;
        if (await ApplyAsync(context, new OrderView { Id = orderId, Item = item, Quantity = quantity, Status = "PLACED" }) == ApplyOutcome.Applied)
        {
            var shipment = dispatch.Prepare(orderId);
            await shipments.InsertAsync(context.Session(), shipment, context.CancellationToken);
            context.Transaction().Publish(new ShipmentCreated(shipment.Id), shipment.Id, shipment.Version);
        }
    }

    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        var (orderId, item, quantity) = context.Message;
        if (await ApplyAsync(context, new OrderView { Id = orderId, Item = item, Quantity = quantity, Status = "CANCELLED" }) == ApplyOutcome.Applied)
        {
            await dispatch.CancelAsync(context.Session(), context.Transaction(), orderId, context.CancellationToken);
        }
    }

    public Task Consume(ConsumeContext<OrderShipped> context)
    {
        var (orderId, item, quantity) = context.Message;
        return ApplyAsync(context, new OrderView { Id = orderId, Item = item, Quantity = quantity, Status = "SHIPPED" });
    }

    private Task<ApplyOutcome> ApplyAsync(ConsumeContext context, OrderView view) =>
        orders.Collection.ApplyAsync(context.Session(), context.Stamp(), view, context.CancellationToken);
}
