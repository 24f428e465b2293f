using Outbox.Inbox;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Acts on verdicts: the one place where it is decided what becomes of a message.</summary>
internal sealed class MessageEnding(Failures failures, Parking parking, Waiting waiting, EntityQueues queues, Resting resting) : IEnding
{
    public Task RestAsync(IReadOnlyList<Passage> messages, Rest rest) => resting.RestAsync(messages, rest);

    public async ValueTask<After> ActAsync(Passage message, Verdict verdict)
    {
        var after = verdict switch
        {
            Verdict.Ran ran => await RanAsync(message, ran.Outcome).ConfigureAwait(false),
            Verdict.Passed { Outcome: { } outcome } => await DoneAsync(message, outcome).ConfigureAwait(false),
            Verdict.Passed => await SkipAsync(message).ConfigureAwait(false),
            Verdict.LeftParked => After.Left,
            Verdict.Waits when message.IsFollower => After.Left,
            Verdict.Waits when message.Record.Size > ParkedAs.LargestRecord => await failures.FailedAsync(message, new OutboxException(
                $"The message has {message.Record.Size} bytes, too many to be stored until its turn comes. Have its producer send less.")).ConfigureAwait(false),
            Verdict.Waits waits => await waiting.WaitAsync(message, waits.BehindFailed).ConfigureAwait(false),
            Verdict.Unreadable unreadable => await UnreadableAsync(message, unreadable.Error).ConfigureAwait(false),
            Verdict.Failed failed => await failures.FailedAsync(message, failed.Error).ConfigureAwait(false),
            Verdict.Later later => await failures.LaterAsync(message, later).ConfigureAwait(false),
            Verdict.Stopped stopped => After.Waiting(new Rest(stopped.Error)),
            Verdict.PutBack { Until: { } until } => After.Waiting(new Rest(null, until)),
            _ => After.Again,
        };
        if (after.HasEnded)
        {
            await resting.EndAsync().ConfigureAwait(false);
        }

        return after;
    }

    private ValueTask<After> RanAsync(Passage message, InboxOutcome? outcome)
    {
        failures.Succeeded();
        return DoneAsync(message, outcome);
    }

    private async ValueTask<After> DoneAsync(Passage message, InboxOutcome? outcome)
    {
        message.TookEffect = outcome is InboxOutcome.Processed or InboxOutcome.ProcessedAndAwaited;
        var next = outcome == InboxOutcome.ProcessedAndAwaited ? queues.InSequence(message) : null;
        if (message.Parked is { } parked)
        {
            next = await queues.LeaveAsync(parked, message.Lifetime.Abandoned).ConfigureAwait(false) ?? next;
            if (!message.IsFollower)
            {
                resting.Retried(parked, outcome ?? InboxOutcome.Processed);
            }
        }

        return After.End with { Next = next };
    }

    private async ValueTask<After> SkipAsync(Passage message)
    {
        if (message.Parked is { Reason: ParkReason.Held } held)
        {
            await queues.LeaveAsync(held, message.Lifetime.Abandoned).ConfigureAwait(false);
        }
        else if (message.Parked is { } parked)
        {
            await parking.ParkAgainAsync(parked, message.Lifetime.Abandoned).ConfigureAwait(false);
        }

        return After.End;
    }

    private async ValueTask<After> UnreadableAsync(Passage message, Exception error)
    {
        await parking.ParkUnreadableAsync(message, error).ConfigureAwait(false);
        return After.End;
    }
}
