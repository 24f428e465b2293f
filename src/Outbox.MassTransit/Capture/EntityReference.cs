namespace Outbox.Capture;

/// <summary>Which entity a message is about, and which version of it.</summary>
/// <param name="EntityId">The entity: the Kafka key, and the unit of order.</param>
/// <param name="Version">The entity's version after the change; <see langword="null"/> to have one counted.</param>
internal sealed record EntityReference(string EntityId, long? Version);
