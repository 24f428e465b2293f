namespace Outbox.History.Repair;

/// <summary>What may be put back now.</summary>
/// <param name="Versions">How many versions, at least one.</param>
/// <param name="At">When it was granted, by the database server's clock.</param>
public sealed record Grant(int Versions, DateTimeOffset At);
