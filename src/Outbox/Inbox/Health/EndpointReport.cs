namespace Outbox.Inbox.Health;

/// <summary>What an endpoint of one process tells others of itself.</summary>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Lag">How many messages of them are not done; <see langword="null"/> while nobody knows.</param>
/// <param name="Idle">For how long no message has come to its end.</param>
/// <param name="Faults">What keeps it from working, and for how long.</param>
public sealed record EndpointReport(int Partitions, long? Lag, TimeSpan Idle, IReadOnlyList<(string Reason, TimeSpan For)> Faults)
{
    /// <summary>How many messages have come to their ends since the process started.</summary>
    public long Consumed { get; init; }
}
