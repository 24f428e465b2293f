using Contracts;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderService.Orders;
using Outbox.Kafka;

namespace OrderService.Shipments;

/// <summary>Asks the shipping service what an order's parcel costs.</summary>
internal sealed class ShippingQuotes(IRequestClient<GetShippingQuote> shipping)
{
    public async Task<Results<Ok<ShippingQuote>, ProblemHttpResult>> AskAsync(Order order, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await shipping.GetResponse<ShippingQuote, ShippingQuoteRefused>(new GetShippingQuote(order.Id, order.Item, order.Quantity), cancellationToken);
            return answer.Is(out Response<ShippingQuote>? quote) ? TypedResults.Ok(quote.Message)
                : answer.Is(out Response<ShippingQuoteRefused>? refused) ? Problem($"There is no quote for order '{order.Id}': {refused.Message.Reason}.", StatusCodes.Status409Conflict)
                : throw new InvalidOperationException($"Nobody asked for a {answer.Message.GetType().Name}.");
        }
        catch (TooManyRequestsException)
        {
            return Problem("Too many wait for quotes. Try again in some seconds.", StatusCodes.Status503ServiceUnavailable);
        }
        catch (RequestTimeoutException)
        {
            return Problem("The shipping service has not answered in time. Try again later.", StatusCodes.Status504GatewayTimeout);
        }
    }

    private static ProblemHttpResult Problem(string detail, int status) => TypedResults.Problem(detail, statusCode: status);
}
