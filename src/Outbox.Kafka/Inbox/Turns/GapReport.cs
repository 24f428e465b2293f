using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Tells of each decision about a predecessor that did not come.</summary>
internal sealed class GapReport(InboxMetrics metrics, ILogger logger)
{
    /// <summary>A message waits for its predecessor, or behind one that failed.</summary>
    public void Waits(string endpoint, ParkReason reason) => metrics.Parked(endpoint, reason);

    public void Overdue(OverdueGap gap)
    {
        metrics.Gap(gap.Sequence.Endpoint, gap.Decision);
        logger.GapOverdue(gap.Sequence.Endpoint, gap.Sequence.EntityId, gap.Version, gap.Decision);
    }

    /// <summary>The owner was asked.</summary>
    public void Asked(AskedGap gap)
    {
        metrics.Asked(gap.Sequence.Endpoint, gap.Sequence.Topic);
        logger.OwnerAsked(gap.Sequence.Endpoint, gap.Sequence.Topic, gap.Sequence.EntityId, gap.From, gap.To, gap.Count);
    }

    /// <summary>The owner has answered that it does not have the versions.</summary>
    public void Void(Sequence sequence, long from, long to, bool isStep)
    {
        if (!isStep)
        {
            logger.VoidIgnored(sequence.Endpoint, sequence.EntityId, from, to);
            return;
        }

        metrics.Void(sequence.Endpoint, sequence.Topic, to - from + 1);
        logger.VersionsVoid(sequence.Endpoint, sequence.Topic, sequence.EntityId, from, to);
    }

    public void NoRoom(Sequence sequence, long version, GapPolicy decision)
    {
        metrics.Gap(sequence.Endpoint, decision);
        logger.NoRoomInSequence(sequence.Endpoint, sequence.EntityId, version, decision);
    }
}
