namespace Outbox.Versioning;

/// <summary>What a message says about its place in its entity's history.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The entity's version after the change that the message tells of.</param>
/// <param name="Timestamp">When the producer captured it.</param>
public sealed record MessageStamp(string MessageId, string EntityId, long Version, DateTimeOffset Timestamp);
