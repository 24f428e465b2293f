using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Has messages wait that may not be processed yet: for their predecessor, or behind one that failed.</summary>
internal sealed class Waiting(ParkedAs parkedAs, EntityQueues queues, TopicSequenceOptions options, GapReport gaps)
{
    public async ValueTask<After> WaitAsync(Passage message, bool behindFailed)
    {
        var parked = behindFailed ? parkedAs.Held(message) : parkedAs.Early(message);
        var entity = EntityQueues.EntityOf(parked);
        return await queues.JoinAsync(entity, parked, message.Lifetime.Abandoned).ConfigureAwait(false) switch
        {
            WaitOutcome.Waiting => Began(parked),
            WaitOutcome.Full => await MakeRoomAsync(entity, parked, message).ConfigureAwait(false),
            _ => After.Again,
        };
    }

    private After Began(ParkedMessage parked)
    {
        gaps.Waits(parked.Endpoint, parked.Reason);
        return After.End;
    }

    private async ValueTask<After> MakeRoomAsync(Sequence entity, ParkedMessage parked, Passage message)
    {
        var limits = options.Of(parked.Topic);
        if (parked.Reason == ParkReason.Held)
        {
            return After.PutAside(new Aside(
                $"Message {parked.MessageId} of entity '{parked.EntityId}' has to queue behind one that failed, and no more messages may wait (EntityLimit "
                + $"{limits.EntityLimit}, TotalLimit {limits.TotalLimit}). It waits in Kafka. Retry or discard the message that failed, or raise the limits, with o.Sequence or t.Sequence.",
                KeepsOrder: true));
        }

        if (limits.OnGap == GapPolicy.Hold)
        {
            return After.PutAside(new Aside(
                $"Message {parked.MessageId} of entity '{parked.EntityId}' came before its predecessor, and no more messages may wait (EntityLimit "
                + $"{limits.EntityLimit}, TotalLimit {limits.TotalLimit}). It waits in Kafka. Bring the missing messages, raise the limits, or set OnGap, with o.Sequence or t.Sequence.",
                KeepsOrder: false));
        }

        if (await queues.GiveUpAsync(entity, limits.OnGap, parked.Version, message.Lifetime.Abandoned).ConfigureAwait(false) is { } version)
        {
            gaps.NoRoom(entity, version, limits.OnGap);
        }

        return After.Again with { Next = queues.InSequence(message) };
    }
}
