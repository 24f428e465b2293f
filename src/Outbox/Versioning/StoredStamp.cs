namespace Outbox.Versioning;

/// <summary>What an entity's stored state says about the last change that was applied to it.</summary>
/// <param name="Version">The change's version; 0 where there is none.</param>
/// <param name="LastMessageId">The message that brought it.</param>
/// <param name="LastUpdated">Its timestamp.</param>
/// <param name="Deleted">Whether the state is the tombstone of a deleted entity.</param>
public readonly record struct StoredStamp(long Version, string? LastMessageId, DateTime? LastUpdated = null, bool Deleted = false);
