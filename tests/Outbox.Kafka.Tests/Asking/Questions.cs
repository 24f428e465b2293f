namespace Outbox.Kafka.Tests.Asking;

public sealed record GetQuote(string OrderId, int Weight);

public sealed record Quote(string OrderId, decimal Price, string By);

public sealed record QuoteRefused(string Reason);

public sealed record GetWeight(string OrderId);

public sealed record QuoteGiven(string OrderId);
