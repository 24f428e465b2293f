using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Processing;
using Outbox.Kafka.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Holding;

/// <summary>Has messages queue behind one of their entity that failed, and runs the queue when that one is done.</summary>
internal sealed class HeldTurns(EndpointServices services, Func<ReceivedMessage, bool, Task<Attempt>> run)
{
    /// <returns>Whether it queues; otherwise it is to be tried again.</returns>
    public async Task<bool> WaitAsync(ReceivedMessage message, Envelope envelope)
    {
        var parked = Parking.Held(services, message, envelope);
        switch (await services.Held.AddAsync(ParkedAs.SequenceOf(parked), parked, message.Partition.Abandoned).ConfigureAwait(false))
        {
            case WaitOutcome.Waiting:
                services.Metrics.Parked(services.Settings.Group, ParkReason.Held);
                return true;
            case WaitOutcome.Full:
                var limits = services.SequencesOf(message.Result.Topic);
                throw new OutageException(new OutboxException(
                    $"Message {envelope.MessageId} of entity '{envelope.EntityId}' has to queue behind one that failed, and no more messages may wait (EntityLimit "
                    + $"{limits.EntityLimit}, TotalLimit {limits.TotalLimit}). It waits in Kafka. Retry or discard the message that failed, or raise the limits, with o.Sequence or t.Sequence."));
            default:
                return false;
        }
    }

    /// <summary>A message that had failed was processed now.</summary>
    public async Task EndAsync(ParkedMessage failed, PartitionProgress partition)
    {
        var entity = ParkedAs.SequenceOf(failed);
        await services.Held.ReleaseAsync(entity, failed, partition.Abandoned).ConfigureAwait(false);
        await FollowAsync(entity, partition).ConfigureAwait(false);
    }

    /// <summary>Runs the queue until it is empty or one fails. If that ends early, the sweep goes on with it, here or elsewhere.</summary>
    public async Task FollowAsync(Sequence entity, PartitionProgress partition)
    {
        while (!partition.Closing.IsCancellationRequested
            && await services.Held.NextAsync(entity, partition.Abandoned).ConfigureAwait(false) is { } next)
        {
            var made = await run(ParkedAs.Received(next, partition), true).ConfigureAwait(false);
            if (made.IsDone || made == Attempt.Skipped)
            {
                await services.Buffer.RemoveAsync(next, partition.Abandoned).ConfigureAwait(false);
            }
        }
    }
}
