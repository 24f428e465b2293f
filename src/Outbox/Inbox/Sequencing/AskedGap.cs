namespace Outbox.Inbox.Sequencing;

/// <summary>Missing versions that the owner of their topic was asked for.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="From">The first missing version.</param>
/// <param name="To">The last.</param>
/// <param name="Count">How often that was, counted anew whenever some of them came.</param>
public sealed record AskedGap(Sequence Sequence, long From, long To, int Count)
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}
