using System.Text;

namespace Outbox.Versioning;

/// <summary>The rule by which a change is applied, recognised or left out.</summary>
public static class VersionRule
{
    /// <summary>Decides from the state that the change met.</summary>
    /// <param name="stored">What the state says; <see langword="null"/> when there was no state.</param>
    /// <param name="change">The change.</param>
    /// <param name="revives">Whether the change may bring back an entity that an older change deleted.</param>
    public static ApplyOutcome Decide(StoredStamp? stored, MessageStamp change, bool revives = false)
    {
        if (stored is not { } state)
        {
            return ApplyOutcome.Applied;
        }

        if (IsNewer(change, state))
        {
            return state.Deleted && !revives ? ApplyOutcome.Stale : ApplyOutcome.Applied;
        }

        return state.LastMessageId == change.MessageId ? ApplyOutcome.Duplicate : ApplyOutcome.Stale;
    }

    private static bool IsNewer(MessageStamp change, StoredStamp state) => change.Ordering switch
    {
        MessageOrdering.NewestTimestamp => IsLater(change, state),
        MessageOrdering.Partition => state.LastMessageId != change.MessageId,
        _ => state.Version < change.Version,
    };

    private static bool IsLater(MessageStamp change, StoredStamp state)
    {
        if (state.LastUpdated is not { } stored)
        {
            return true;
        }

        var difference = Milliseconds(change.Timestamp.UtcDateTime).CompareTo(Milliseconds(stored));
        return difference > 0 || (difference == 0 && Compare(change.MessageId, state.LastMessageId ?? "") > 0);
    }

    /// <summary>As precisely as databases keep it.</summary>
    private static long Milliseconds(DateTime time) => time.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>By their bytes, as databases compare.</summary>
    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
