namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>MassTransit's <c>BatchOptions</c>, as they were given.</summary>
internal sealed record BatchLimits(int MessageLimit, int ConcurrencyLimit, TimeSpan TimeLimit);
