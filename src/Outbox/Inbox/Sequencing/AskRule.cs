namespace Outbox.Inbox.Sequencing;

/// <summary>Decides whether the owner is asked for a gap. Pure, so that stores need not agree by chance.</summary>
public static class AskRule
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Looks at a sequence in which messages wait.</summary>
    /// <param name="gap">The versions before the first message that waits. There are none when its turn has come, or when the one before it is parked because it failed.</param>
    /// <param name="asked">What was asked for last.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">How often, and when.</param>
    /// <returns>What to ask for, if anything; and when to look again.</returns>
    public static (AskedGap? Ask, DateTimeOffset LookAgain) Decide(AskedGap gap, AskedGap? asked, DateTimeOffset now, SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(gap);
        ArgumentNullException.ThrowIfNull(options);
        var count = 1;
        if (asked is not null && asked.To >= gap.From)
        {
            if (asked.At + Wait(options, asked.Count) is var due && now < due)
            {
                return (null, due);
            }

            count = gap.From > asked.From ? 1 : asked.Count + 1;
        }

        // An entity of which nothing was ever processed is not repaired but built anew: its whole history would be asked for, version by version of every entity.
        var isAsked = gap.From > 1 && gap.To >= gap.From && count <= options.Asks;
        return (isAsked ? gap with { Count = count, At = now } : null, now + Wait(options, Math.Min(count, options.Asks)));
    }

    private static TimeSpan Wait(SequenceOptions options, int asks)
    {
        var doubled = options.AskOwner.GetValueOrDefault() * Math.Pow(2, Math.Min(asks, 20));
        return doubled < Longest ? doubled : Longest;
    }
}
