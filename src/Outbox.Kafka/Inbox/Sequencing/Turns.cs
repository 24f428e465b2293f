using Confluent.Kafka;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>Has early messages wait, and after each message runs those that waited for it.</summary>
internal sealed class Turns(EndpointServices services, Func<ReceivedMessage, bool, Task<Attempt>> attempt)
{
    /// <summary>Brings a message to its end, or to its place in the buffer.</summary>
    public async Task<Attempt> RunAsync(ReceivedMessage message, bool redelivered)
    {
        var made = await attempt(message, redelivered).ConfigureAwait(false);
        while (made is { Outcome: InboxOutcome.Early, Envelope: { } envelope })
        {
            if (await WaitAsync(message, envelope).ConfigureAwait(false))
            {
                return made;
            }

            made = await attempt(message, redelivered).ConfigureAwait(false);
        }

        if (made is { Outcome: InboxOutcome.ProcessedAndAwaited, Envelope: { } processed })
        {
            await FollowAsync(SequenceOf(message, processed), message.Partition).ConfigureAwait(false);
        }

        return made;
    }

    /// <summary>Tries a parked message again, as a person asked.</summary>
    public async Task RetryAsync(ParkedMessage parked, PartitionProgress partition)
    {
        var made = await RunAsync(Received(parked, partition), redelivered: true).ConfigureAwait(false);
        if (made.Outcome is { } outcome and not InboxOutcome.Early)
        {
            await services.Buffer.RemoveAsync(parked, partition.Abandoned).ConfigureAwait(false);
            services.Logger.Retried(services.Settings.Group, parked.MessageId, outcome);
        }
        else if (made == Attempt.Skipped)
        {
            var error = $"The endpoint no longer handles messages of type '{parked.Type}'. Earlier: {parked.Error}";
            await services.Parking.ParkAsync(parked with { Error = error }, partition.Abandoned).ConfigureAwait(false);
        }
    }

    /// <summary>Runs the messages whose turn it is, one after the other. If that ends early, the sweep goes on with it, here or elsewhere.</summary>
    public async Task FollowAsync(Sequence sequence, PartitionProgress partition)
    {
        while (!partition.Closing.IsCancellationRequested
            && await services.Buffer.NextAsync(sequence, partition.Abandoned).ConfigureAwait(false) is { } next)
        {
            var made = await attempt(Received(next, partition), true).ConfigureAwait(false);
            if (made.Outcome is null or InboxOutcome.Early)
            {
                // It failed and was parked: its entity waits for a person.
                return;
            }

            await services.Buffer.RemoveAsync(next, partition.Abandoned).ConfigureAwait(false);
        }
    }

    /// <returns>Whether it waits; otherwise it is to be tried again.</returns>
    private async Task<bool> WaitAsync(ReceivedMessage message, Envelope envelope)
    {
        var sequence = SequenceOf(message, envelope);
        var parked = Parking.Early(services, message, envelope);
        var outcome = await services.Buffer.AddAsync(sequence, parked, message.Partition.Abandoned).ConfigureAwait(false);
        if (outcome == WaitOutcome.Full)
        {
            await MakeRoomAsync(message, sequence, envelope).ConfigureAwait(false);
        }
        else if (outcome == WaitOutcome.Waiting)
        {
            services.Metrics.Parked(services.Settings.Group, ParkReason.Gap);
        }

        return outcome == WaitOutcome.Waiting;
    }

    private async Task MakeRoomAsync(ReceivedMessage message, Sequence sequence, Envelope envelope)
    {
        var policy = services.Sequences.OnGap;
        if (policy == GapPolicy.Hold)
        {
            throw new OutageException(new OutboxException(
                $"Message {envelope.MessageId} of entity '{envelope.EntityId}' came before its predecessor, and no more messages may wait (Outbox:Sequence:EntityLimit "
                + $"{services.Sequences.EntityLimit}, TotalLimit {services.Sequences.TotalLimit}). It waits in Kafka. Bring the missing messages, raise the limits, or set OnGap."));
        }

        if (await services.Buffer.GiveUpAsync(sequence, policy, envelope.Version, message.Partition.Abandoned).ConfigureAwait(false) is { } version)
        {
            services.Metrics.Gap(services.Settings.Group, policy);
            services.Logger.NoRoomInSequence(services.Settings.Group, envelope.EntityId, version, policy);
        }

        await FollowAsync(sequence, message.Partition).ConfigureAwait(false);
    }

    private Sequence SequenceOf(ReceivedMessage message, Envelope envelope) => new(services.Settings.Group, message.Result.Topic, envelope.EntityId);

    private static ReceivedMessage Received(ParkedMessage parked, PartitionProgress partition)
    {
        var headers = new Headers();
        foreach (var (name, value) in parked.Headers)
        {
            headers.Add(name, value);
        }

        var result = new ConsumeResult<byte[]?, byte[]?>
        {
            Topic = parked.Topic,
            Partition = parked.Partition,
            Offset = parked.Offset,
            Message = new Message<byte[]?, byte[]?> { Key = parked.Key, Value = parked.Value, Headers = headers },
        };
        return new ReceivedMessage(result, partition, new OpenOffset(parked.Offset));
    }
}
