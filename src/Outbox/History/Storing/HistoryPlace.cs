using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>Where a scan has come to.</summary>
/// <param name="Entity">The entity of the last event that was read.</param>
/// <param name="Version">Its version.</param>
public readonly record struct HistoryPlace(Entity Entity, long Version);
