using Contracts;
using MassTransit;

namespace ShippingService.Shipments;

/// <summary>Answers what a parcel would cost: without a transaction, because nothing changes.</summary>
internal sealed class QuoteConsumer : IConsumer<GetShippingQuote>
{
    private const int MostInAParcel = 100;
    private const decimal BasePrice = 4.90m;
    private const decimal PricePerPiece = 0.25m;

    public Task Consume(ConsumeContext<GetShippingQuote> context)
    {
        var asked = context.Message;
        return asked.Quantity > MostInAParcel
            ? context.RespondAsync(new ShippingQuoteRefused(asked.OrderId, $"a parcel has room for {MostInAParcel} pieces, and this one would have {asked.Quantity}"))
            : context.RespondAsync(new ShippingQuote(asked.OrderId, BasePrice + (PricePerPiece * asked.Quantity), Days: asked.Quantity > MostInAParcel / 2 ? 3 : 2));
    }
}
