using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>How old an entity's snapshot is.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Head">The version of its last event.</param>
/// <param name="Snapshot">The version of its snapshot; 0 if it has none of the schema.</param>
public readonly record struct SnapshotAge(Entity Entity, long Head, long Snapshot);
