namespace Outbox.Kafka.Delivery.Places;

/// <summary>What brokers say of a topic to those who may know.</summary>
/// <param name="Denied">That the right to write is missing, if it is.</param>
/// <param name="MinInSync">How many replicas must be in sync for a write to be accepted, if that is known.</param>
/// <param name="MaxMessageBytes">The largest batch of records that it takes, if that is known.</param>
internal sealed record TopicRights(string? Denied, int? MinInSync, int? MaxMessageBytes);
