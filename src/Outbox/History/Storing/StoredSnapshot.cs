namespace Outbox.History.Storing;

/// <summary>An entity's state as it was stored.</summary>
/// <param name="Version">The version of the last event in it.</param>
/// <param name="Schema">The version of the state's shape.</param>
/// <param name="State">The state, as JSON.</param>
public sealed record StoredSnapshot(long Version, int Schema, string State);
