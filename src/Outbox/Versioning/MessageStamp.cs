namespace Outbox.Versioning;

/// <summary>What a message says about its place in its entity's history, and how its type is ordered.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The entity's version after the change that the message tells of; 0 where there is none.</param>
/// <param name="Timestamp">When the producer captured it; <see langword="default"/> where it does not say.</param>
/// <param name="Ordering">Which of two changes is the newer one.</param>
public sealed record MessageStamp(
    string MessageId, string EntityId, long Version, DateTimeOffset Timestamp, MessageOrdering Ordering = MessageOrdering.NewestVersion);
