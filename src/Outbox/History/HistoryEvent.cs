namespace Outbox.History;

/// <summary>One event of an entity, as it is kept.</summary>
/// <param name="Version">Its version, from 1 upwards without a gap.</param>
/// <param name="MessageId">The message that it was published as.</param>
/// <param name="Timestamp">When it was captured, by the clock of whoever did.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Event">The event, of the schema version that this service knows; a <see cref="Messages.Tombstone{T}"/> for the end of an entity.</param>
/// <param name="IsErased">Whether it was changed by an erasure.</param>
public sealed record HistoryEvent(long Version, string MessageId, DateTimeOffset Timestamp, string Type, object Event, bool IsErased);
