namespace Outbox_Service.Orders;

internal static class OrderEndpoints
{
    public static void MapOrders(this WebApplication app) => app.MapPost("/orders", async (PlaceOrder request, OrderPlacement placement, CancellationToken cancellationToken) =>
    {
        var order = await placement.PlaceAsync(request, cancellationToken);
        return Results.Created($"/orders/{order.Id}", order);
    });
}
