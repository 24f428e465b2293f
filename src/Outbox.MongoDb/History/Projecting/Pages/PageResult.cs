using Outbox.History.Projecting.Building;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>What became of a page.</summary>
/// <param name="Outcomes">What became of each event.</param>
/// <param name="Marked">The entities that have to be read from the history.</param>
/// <param name="IsBlocked">Whether an event was parked.</param>
internal sealed record PageResult(IReadOnlyList<EventOutcome> Outcomes, IReadOnlyList<string> Marked, bool IsBlocked)
{
    public int Projected => Outcomes.Count(outcome => outcome.Kind == OutcomeKind.Projected);
}
