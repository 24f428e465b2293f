namespace Contracts;

/// <summary>What it costs to ship a parcel, and how long it takes. It is asked and answered at once, and changes nothing.</summary>
public sealed record GetShippingQuote(string OrderId, string Item, int Quantity);

/// <summary>The shipping service takes the parcel for this price.</summary>
public sealed record ShippingQuote(string OrderId, decimal Price, int Days);

/// <summary>The shipping service does not take the parcel.</summary>
public sealed record ShippingQuoteRefused(string OrderId, string Reason);
