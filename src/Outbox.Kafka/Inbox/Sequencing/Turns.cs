using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Holding;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>Has messages wait that may not be processed yet, and after each message runs those that waited for it.</summary>
internal sealed class Turns
{
    private readonly EndpointServices _services;
    private readonly Func<ReceivedMessage, bool, Task<Attempt>> _attempt;
    private readonly HeldTurns _held;

    public Turns(EndpointServices services, Func<ReceivedMessage, bool, Task<Attempt>> attempt)
    {
        (_services, _attempt) = (services, attempt);
        _held = new HeldTurns(services, RunAsync);
    }

    /// <summary>Brings a message to its end, or to its place among those that wait.</summary>
    public async Task<Attempt> RunAsync(ReceivedMessage message, bool redelivered)
    {
        var made = await _attempt(message, redelivered).ConfigureAwait(false);
        while (made is { MustWait: true, Envelope: { } envelope })
        {
            if (await WaitAsync(message, made, envelope).ConfigureAwait(false))
            {
                return made;
            }

            made = await _attempt(message, redelivered).ConfigureAwait(false);
        }

        if (made is { Outcome: InboxOutcome.ProcessedAndAwaited, Envelope: { } processed })
        {
            await FollowSequenceAsync(SequenceOf(message, processed), message.Partition).ConfigureAwait(false);
        }

        return made;
    }

    /// <summary>Tries a parked message again, as a person asked.</summary>
    public async Task RetryAsync(ParkedMessage parked, PartitionProgress partition)
    {
        var made = await RunAsync(ParkedAs.Received(parked, partition), redelivered: true).ConfigureAwait(false);
        if (made.IsDone)
        {
            await EndAsync(parked, partition).ConfigureAwait(false);
            _services.Logger.Retried(_services.Settings.Group, parked.MessageId, made.Outcome ?? InboxOutcome.Processed);
        }
        else if (made == Attempt.Skipped)
        {
            var error = $"The endpoint no longer handles messages of type '{parked.Type}'. Earlier: {parked.Error}";
            await _services.Parking.ParkAsync(parked with { Error = error }, partition.Abandoned).ConfigureAwait(false);
        }
    }

    /// <summary>Runs the messages of an entity whose turn it is.</summary>
    public async Task FollowAsync(Sequence sequence, PartitionProgress partition)
    {
        if (_services.CanHold)
        {
            await _held.FollowAsync(sequence, partition).ConfigureAwait(false);
        }

        await FollowSequenceAsync(sequence, partition).ConfigureAwait(false);
    }

    /// <summary>Runs the messages whose turn it is, one after the other. If that ends early, the sweep goes on with it, here or elsewhere.</summary>
    private async Task FollowSequenceAsync(Sequence sequence, PartitionProgress partition)
    {
        while (!partition.Closing.IsCancellationRequested
            && await _services.Buffer.NextAsync(sequence, partition.Abandoned).ConfigureAwait(false) is { } next)
        {
            var made = await _attempt(ParkedAs.Received(next, partition), true).ConfigureAwait(false);
            if (made.Outcome is null or InboxOutcome.Early)
            {
                // It failed and was parked: its entity waits for a person.
                return;
            }

            await _services.Buffer.RemoveAsync(next, partition.Abandoned).ConfigureAwait(false);
        }
    }

    private Task EndAsync(ParkedMessage parked, PartitionProgress partition) =>
        parked.Hold && _services.CanHold ? _held.EndAsync(parked, partition) : _services.Buffer.RemoveAsync(parked, partition.Abandoned);

    /// <returns>Whether it waits; otherwise it is to be tried again.</returns>
    private async Task<bool> WaitAsync(ReceivedMessage message, Attempt made, Envelope envelope)
    {
        if (made.IsHeld)
        {
            return await _held.WaitAsync(message, envelope).ConfigureAwait(false);
        }

        var sequence = SequenceOf(message, envelope);
        var outcome = await _services.Buffer.AddAsync(sequence, Parking.Early(_services, message, envelope), message.Partition.Abandoned).ConfigureAwait(false);
        if (outcome == WaitOutcome.Full)
        {
            await MakeRoomAsync(message, sequence, envelope).ConfigureAwait(false);
        }
        else if (outcome == WaitOutcome.Waiting)
        {
            _services.Metrics.Parked(_services.Settings.Group, ParkReason.Gap);
        }

        return outcome == WaitOutcome.Waiting;
    }

    private async Task MakeRoomAsync(ReceivedMessage message, Sequence sequence, Envelope envelope)
    {
        var limits = _services.SequencesOf(message.Result.Topic);
        if (limits.OnGap == GapPolicy.Hold)
        {
            throw new OutageException(new OutboxException(
                $"Message {envelope.MessageId} of entity '{envelope.EntityId}' came before its predecessor, and no more messages may wait (EntityLimit "
                + $"{limits.EntityLimit}, TotalLimit {limits.TotalLimit}). It waits in Kafka. Bring the missing messages, raise the limits, or set OnGap, with o.Sequence or t.Sequence."));
        }

        if (await _services.Buffer.GiveUpAsync(sequence, limits.OnGap, envelope.Version, message.Partition.Abandoned).ConfigureAwait(false) is { } version)
        {
            _services.Metrics.Gap(_services.Settings.Group, limits.OnGap);
            _services.Logger.NoRoomInSequence(_services.Settings.Group, envelope.EntityId, version, limits.OnGap);
        }

        await FollowSequenceAsync(sequence, message.Partition).ConfigureAwait(false);
    }

    private Sequence SequenceOf(ReceivedMessage message, Envelope envelope) => new(_services.Settings.Group, message.Result.Topic, envelope.EntityId);
}
