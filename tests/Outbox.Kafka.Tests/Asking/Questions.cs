namespace Outbox.Kafka.Tests.Asking;

public sealed record GetQuote(string OrderId, int Weight);

public sealed record Quote(string OrderId, decimal Price, string By);

public sealed record QuoteRefused(string Reason);

/// <summary>MassTransit makes messages of anonymous objects only where they have a constructor without parameters.</summary>
public sealed record GetWeight
{
    public string OrderId { get; init; } = "";
}

public sealed record QuoteGiven(string OrderId);
