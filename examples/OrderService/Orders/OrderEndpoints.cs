using System.ComponentModel.DataAnnotations;
using Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MongoDB.Driver;
using OrderService.Shipments;
using Outbox;
using Outbox.History;
using Outbox.History.Projecting;

namespace OrderService.Orders;

/// <summary>The service's HTTP interface.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("orders");
        orders.MapPost("/", PlaceAsync).WithSummary("Places an order. The same Idempotency-Key again returns the same order.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        orders.MapGet("/", ListAsync).WithSummary("Lists the newest orders of a status, as the read model has them.").ProducesValidationProblem();
        orders.MapGet("/{id}", GetAsync).WithSummary("Shows an order and its shipment.").ProducesProblem(StatusCodes.Status404NotFound);
        orders.MapGet("/{id}/quote", QuoteAsync).WithSummary("Asks the shipping service what the parcel costs.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesProblem(StatusCodes.Status504GatewayTimeout);
        orders.MapPost("/{id}/expedite", ExpediteAsync).WithSummary("Asks for the parcel to leave at once. Shipping may refuse.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        orders.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancels an order. A parcel that leaves before the news arrives still wins.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        app.MapPost("/order-list/rebuild", RebuildAsync).WithTags("operations").WithSummary("Builds the list again from the orders' history, beside the one in use.");
    }

    private static async Task<Ok<List<OrderRow>>> ListAsync(
        [AllowedValues(OrderStatus.Placed, OrderStatus.Shipped, OrderStatus.Cancelled)] string status, [Range(1, 10_000)] int? limit,
        IReadModel<OrderRow> list, CancellationToken cancellationToken)
    {
        var rows = await list.CollectionAsync(cancellationToken);
        return TypedResults.Ok(await rows.Find(row => row.Status == status).SortByDescending(row => row.Id).Limit(limit ?? 100).ToListAsync(cancellationToken));
    }

    private static async Task<Accepted> RebuildAsync(IProjections projections, CancellationToken cancellationToken)
    {
        await projections.RebuildAsync("order-list", "asked for over HTTP", cancellationToken);
        return TypedResults.Accepted("/orders");
    }

    private static async Task<Results<Accepted<OrderResponse>, ProblemHttpResult>> ExpediteAsync(
        string id, OrderExpediting expediting, CancellationToken cancellationToken) =>
        await expediting.ExpediteAsync(id, cancellationToken) is { } order
            ? TypedResults.Accepted($"/orders/{id}", OrderResponse.From(order))
            : Unknown(id);

    private static async Task<Results<Created<OrderResponse>, Ok<OrderResponse>, ProblemHttpResult>> PlaceAsync(
        PlaceOrder request, [FromHeader(Name = "Idempotency-Key"), StringLength(100)] string? idempotencyKey,
        OrderPlacement placement, HttpResponse response, CancellationToken cancellationToken)
    {
        var (order, isNew) = await placement.PlaceAsync(request, string.IsNullOrEmpty(idempotencyKey) ? null : idempotencyKey, cancellationToken);
        if (isNew)
        {
            return TypedResults.Created($"/orders/{order.Id}", OrderResponse.From(order));
        }

        if (!request.IsFor(order))
        {
            return TypedResults.Problem(
                $"Idempotency-Key '{idempotencyKey}' was used for another order. Use a new key for a new order.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        response.Headers.Location = $"/orders/{order.Id}";
        return TypedResults.Ok(OrderResponse.From(order));
    }

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> GetAsync(
        string id, IHistory history, ShipmentViews shipments, CancellationToken cancellationToken) =>
        await history.FindAsync<Order>(id, cancellationToken) is { } order
            ? TypedResults.Ok(OrderResponse.From(order, await shipments.FindAsync(id, cancellationToken)))
            : Unknown(id);

    private static async Task<Results<Ok<ShippingQuote>, ProblemHttpResult>> QuoteAsync(string id, IHistory history, ShippingQuotes quotes, CancellationToken cancellationToken) =>
        await history.FindAsync<Order>(id, cancellationToken) is { } order ? await quotes.AskAsync(order, cancellationToken) : Unknown(id);

    private static async Task<Results<Accepted<OrderResponse>, ProblemHttpResult>> CancelAsync(
        string id, OrderCancellation cancellation, CancellationToken cancellationToken)
    {
        var order = await cancellation.CancelAsync(id, cancellationToken);
        return order switch
        {
            null => Unknown(id),
            { Status: OrderStatus.Shipped } => TypedResults.Problem($"Order '{id}' has been shipped.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Accepted($"/orders/{id}", OrderResponse.From(order)),
        };
    }

    private static ProblemHttpResult Unknown(string id) => TypedResults.Problem($"There is no order '{id}'.", statusCode: StatusCodes.Status404NotFound);
}
