namespace Outbox.Versioning;

/// <summary>What a version-checked change did.</summary>
public enum ApplyOutcome
{
    /// <summary>The change was newer than the state, and the state has it now.</summary>
    Applied,

    /// <summary>The state has this very change already.</summary>
    Duplicate,

    /// <summary>The state is newer, or the entity was deleted: the change was left out.</summary>
    Stale,
}
