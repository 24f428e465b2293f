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
    public int Failed { get; } = IndexOf(Outcomes, OutcomeKind.Failed);

    /// <summary>The index of the first event that comes too early; -1 if none does.</summary>
    public int Early { get; } = IndexOf(Outcomes, OutcomeKind.Early);

    private static int IndexOf(IReadOnlyList<EventOutcome> outcomes, OutcomeKind kind)
    {
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Kind == kind)
            {
                return i;
            }
        }

        return -1;
    }
}
