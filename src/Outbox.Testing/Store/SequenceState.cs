namespace Outbox.Testing.Store;

/// <summary>How far a sequence has come.</summary>
/// <param name="Version">The version that was processed last, or given up.</param>
/// <param name="Waits">Whether messages of it may wait.</param>
/// <param name="Ready">Whether the turn of one may have come.</param>
internal readonly record struct SequenceState(long Version, bool Waits, bool Ready)
{
    /// <summary>Whether its first versions were given up.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Whether the entity's versions have been processed, or given up, in sequence.</summary>
    public bool HasBegun => Version != 0 || IsMoved;
}
