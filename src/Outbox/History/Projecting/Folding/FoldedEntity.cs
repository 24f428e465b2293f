using Outbox.History.Projecting.Building;

namespace Outbox.History.Projecting.Folding;

/// <summary>What the events of a page have made of one entity.</summary>
/// <param name="Version">The version of the last event that was projected.</param>
/// <param name="Row">Its row; <see langword="null"/> if it has none.</param>
/// <param name="IsChanged">Whether the row has to be written, or deleted.</param>
/// <param name="Outcomes">What became of each event.</param>
internal sealed record FoldedEntity<TDocument>(long Version, TDocument? Row, bool IsChanged, IReadOnlyList<EventOutcome> Outcomes)
    where TDocument : class
{
    /// <summary>The index of the event that could not be projected; -1 if all could.</summary>
    public int Failed { get; } = Outcomes.ToList().FindIndex(outcome => outcome.Kind == OutcomeKind.Failed);

    /// <summary>Whether events are left that come too early.</summary>
    public bool HasEarly => Outcomes.Any(outcome => outcome.Kind == OutcomeKind.Early);
}
