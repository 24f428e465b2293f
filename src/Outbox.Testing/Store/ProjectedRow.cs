using Outbox.History.Projecting.Building;

namespace Outbox.Testing.Store;

/// <summary>How far a read model is with one entity.</summary>
/// <param name="Version">The version of the last event that was projected.</param>
/// <param name="Row">The row; <see langword="null"/> if there is none.</param>
internal sealed record ProjectedRow(long Version, string? Row)
{
    /// <summary>Before anything has happened.</summary>
    public static readonly ProjectedRow None = new(0, null);

    /// <summary>Events that came too early, or wait behind one that failed.</summary>
    public IReadOnlyList<ProjectedEvent> Waiting { get; init; } = [];

    /// <summary>The version of the event that failed, and why.</summary>
    public (long Version, Exception Error)? Failed { get; init; }
}
