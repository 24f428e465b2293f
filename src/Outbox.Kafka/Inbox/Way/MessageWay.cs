using Outbox.Inbox;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>Brings messages from step to step, and to their ends.</summary>
internal sealed class MessageWay(IReadOnlyList<IStep> steps, IEnding ending)
{
    /// <summary>Brings messages to their ends: one, or those of a batch. What belongs to a partition that is taken away is left to its next owner.</summary>
    public async Task ProcessAsync(IReadOnlyList<Passage> messages)
    {
        var started = new List<Passage>(messages.Count);
        foreach (var message in messages)
        {
            if (message.Lifetime.TryStart())
            {
                message.Aside = null;
                started.Add(message);
            }
        }

        try
        {
            await RunAsync([.. started]).ConfigureAwait(false);
        }
        finally
        {
            started.ForEach(message => message.Lifetime.Stop());
        }
    }

    /// <summary>Runs the messages whose turn has come, one after the other. If that ends early, the sweep goes on with it, here or elsewhere.</summary>
    public async Task FollowAsync(Queue queue, Lifetime lifetime)
    {
        while (!lifetime.Closing.IsCancellationRequested && await queue(lifetime.Abandoned).ConfigureAwait(false) is { } parked)
        {
            var next = new Passage(RecordOf(parked), lifetime) { Parked = parked, IsFollower = true };
            await RunAsync([next]).ConfigureAwait(false);
            if (!next.HasEnded)
            {
                return;
            }
        }
    }

    /// <summary>Tries a parked message again, as a person asked.</summary>
    public Task RetryAsync(ParkedMessage parked, Lifetime lifetime) => RunAsync([new Passage(RecordOf(parked), lifetime) { Parked = parked }]);

    private async Task RunAsync(List<Passage> left)
    {
        while (left.Count > 0)
        {
            var rest = await GoAsync(left).ConfigureAwait(false);
            left.RemoveAll(message => message.HasEnded || message.Lifetime.Abandoned.IsCancellationRequested);
            if (rest is not null && left.Count > 0)
            {
                await ending.RestAsync(left, rest).ConfigureAwait(false);
                left.RemoveAll(message => message.Lifetime.Closing.IsCancellationRequested);
            }

            left.ForEach(message => message.Returns++);
        }
    }

    /// <returns>The rest that those need which did not come to their ends.</returns>
    private async Task<Rest?> GoAsync(List<Passage> messages)
    {
        Rest? rest = null;
        var going = messages.ToArray();
        foreach (var step in steps)
        {
            var verdicts = await TakeAsync(step, going).ConfigureAwait(false);
            var left = 0;
            for (var i = 0; i < going.Length; i++)
            {
                if (ReferenceEquals(verdicts[i], Verdict.GoOn))
                {
                    left++;
                }
                else
                {
                    rest = await EndAsync(messages, going[i], verdicts[i]).ConfigureAwait(false) ?? rest;
                }
            }

            if (left == 0)
            {
                break;
            }

            going = left == going.Length ? going : Going(going, verdicts);
        }

        return rest;
    }

    private static Passage[] Going(Passage[] messages, Verdict[] verdicts) => [.. messages.Where((_, i) => ReferenceEquals(verdicts[i], Verdict.GoOn))];

    private static async ValueTask<Verdict[]> TakeAsync(IStep step, Passage[] messages)
    {
        try
        {
            return await step.TakeAsync(messages).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Whatever it is, they are not done: passing them over would lose them.
            return Verdict.Alike(messages.Length, new Verdict.Stopped(error));
        }
    }

    private async ValueTask<Rest?> EndAsync(List<Passage> all, Passage message, Verdict verdict)
    {
        After after;
        try
        {
            after = await ending.ActAsync(message, verdict).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Whatever it is, it is not at its end. One that nobody waits for any more needs no word.
            return new Rest(message.Lifetime.Closing.IsCancellationRequested ? null : error);
        }

        if (after.IsLeft || after.Aside is not null)
        {
            message.Aside = after.Aside;
            message.Returns += after.IsLeft ? 0 : 1;
            all.Remove(message);
        }
        else if (after.HasEnded)
        {
            message.End();
        }

        if (after.Next is { } queue && !message.IsFollower)
        {
            await FollowAsync(queue, message.Lifetime).ConfigureAwait(false);
        }

        return after.Rest;
    }

    private static KafkaRecord RecordOf(ParkedMessage parked) => new(
        new WirePosition(parked.Topic, parked.Partition, parked.Offset), parked.Key, parked.Value, WireHeaders.Of(parked.Headers), parked.Timestamp);
}
