using Microsoft.AspNetCore.Http.HttpResults;

namespace ShippingService.Shipments;

/// <summary>The service's HTTP interface.</summary>
internal static class ShipmentEndpoints
{
    public static void MapShipments(this IEndpointRouteBuilder app) =>
        app.MapGet("/shipments/{orderId}", GetAsync).WithTags("shipments").WithSummary("Shows an order's shipment.")
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ShipmentResponse>, ProblemHttpResult>> GetAsync(
        string orderId, ShipmentStore shipments, CancellationToken cancellationToken) =>
        await shipments.FindAsync(orderId, cancellationToken) is { } shipment
            ? TypedResults.Ok(new ShipmentResponse(shipment.Id, shipment.Status, shipment.TrackingNumber, shipment.Version))
            : TypedResults.Problem($"There is no shipment of order '{orderId}'.", statusCode: StatusCodes.Status404NotFound);
}
