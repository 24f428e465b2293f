namespace Outbox.Delivery.Health;

/// <summary>How much there is in the outbox.</summary>
/// <param name="Pending">About how many messages are not published, delayed ones included.</param>
/// <param name="Parked">About how many messages wait for a person.</param>
/// <param name="OldestAge">How long ago the oldest pending message was captured, delayed ones aside; <see langword="null"/> if there is none.</param>
public sealed record OutboxBacklog(long Pending, long Parked, TimeSpan? OldestAge)
{
    /// <summary>How many consumed messages wait for a person, because they could not be processed or read; those that only wait for their turn do not count.</summary>
    public long InboxParked { get; init; }

    /// <summary>How many consumed messages wait for an earlier version though their deadline is over: nobody has decided on them, or a person has to.</summary>
    public long OverdueGaps { get; init; }

    /// <summary>Replays of this service's histories that wait because of an error, ten at most.</summary>
    public IReadOnlyList<WaitingReplay> WaitingReplays { get; init; } = [];
}
