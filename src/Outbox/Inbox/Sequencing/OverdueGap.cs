namespace Outbox.Inbox.Sequencing;

/// <summary>A message whose predecessor did not come in time.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Version">Its version.</param>
/// <param name="Decision">What was done.</param>
public sealed record OverdueGap(Sequence Sequence, long Version, GapPolicy Decision);
