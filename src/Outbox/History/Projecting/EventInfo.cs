namespace Outbox.History.Projecting;

/// <summary>What is known of an event beside what is in it. It is the same whenever the event is projected.</summary>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The entity's version after the event.</param>
/// <param name="MessageId">The message that the event was published as.</param>
/// <param name="Timestamp">When it was captured, by the clock of whoever did.</param>
public readonly record struct EventInfo(string EntityId, long Version, string MessageId, DateTimeOffset Timestamp);
