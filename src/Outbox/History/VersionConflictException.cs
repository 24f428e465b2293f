using Outbox.Messages;

namespace Outbox.History;

/// <summary>
/// The events of an entity are not where the caller expects them: another writer was faster, or the version is wrong. Load the entity and decide again; nothing was committed.
/// </summary>
/// <param name="entity">The entity.</param>
/// <param name="expected">The version that the caller takes for the last one.</param>
/// <param name="found">The version of the last event that is kept; 0 if there is none.</param>
/// <param name="innerException">The database's error, where that was the one to notice.</param>
public sealed class VersionConflictException(Entity entity, long expected, long found, Exception? innerException = null) : OutboxException(
    $"Events of {entity} were to follow version {expected}, but its last version is {found}. "
    + (found > expected ? "Another writer was faster: load the entity again, and decide again." : "No version may be left out: load the entity, and append to what was loaded."),
    innerException)
{
    /// <summary>The entity.</summary>
    public Entity Entity { get; } = entity;

    /// <summary>The version that the caller takes for the last one.</summary>
    public long Expected { get; } = expected;

    /// <summary>The version of the last event that is kept; 0 if there is none.</summary>
    public long Found { get; } = found;
}
