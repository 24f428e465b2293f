namespace Outbox.Kafka.Inbox.Running;

/// <summary>A retry of the endpoint's wants the message to be delivered again, later.</summary>
/// <param name="Delay">How much later.</param>
/// <param name="Count">The how manieth time it is then.</param>
internal sealed record Redelivery(TimeSpan Delay, int Count);
