namespace Outbox.History.Loading;

/// <summary>An entity's state.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">The version of the last event in it; 0 if there are none.</param>
/// <param name="SnapshotVersion">The version of the snapshot that it began with; 0 if it was made of all events.</param>
internal sealed record LoadedState(object State, long Version, long SnapshotVersion);
