using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Delivery.Sending;
using Outbox.Messages;
using Outbox.Payloads.Applying;

namespace Outbox.Kafka.Delivery;

/// <summary>Publishes batches to Kafka. What the brokers are known not to take is not sent; what they refuse is found among what was sent with it.</summary>
internal sealed class KafkaPublisher(SenderPool senders, PlaceBook places, PayloadPreparation payloads, TimeProvider time) : IMessagePublisher
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        TimeSpan Remaining() => deadline - time.GetElapsedTime(started);

        var results = new PublishResult[messages.Count];
        var asking = places.AskAsync(messages);
        if (messages.Any(message => !places.Knows(message.Topic)))
        {
            await asking.EndsWithinAsync(deadline / 4, time, cancellationToken).ConfigureAwait(false);
        }

        await places.AgreeAsync(messages, cancellationToken).ConfigureAwait(false);
        (messages, var refused) = await payloads.PrepareAsync(messages, deadline / 4, cancellationToken).ConfigureAwait(false);
        var open = Open(messages, results, Enumerable.Range(0, messages.Count), refused);
        await SendAsync(messages, results, open, Remaining, cancellationToken).ConfigureAwait(false);
        if (open.Count < messages.Count)
        {
            // What was closed may have opened meanwhile. Where nothing else was sent, the answer is worth a moment.
            await asking.EndsWithinAsync(open.Count > 0 ? TimeSpan.Zero : Patience, time, cancellationToken).ConfigureAwait(false);
            var late = Open(messages, results, Enumerable.Range(0, messages.Count).Except(open).Order(), refused);
            await SendAsync(messages, results, late, Remaining, cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <inheritdoc/>
    public Place PlaceOf(OutboxMessage message) => places.PlaceOf(message);

    /// <summary>Those of these messages that can get through as far as is known; the others get their results. Nothing of an entity goes behind one that did not get through.</summary>
    private List<int> Open(IReadOnlyList<OutboxMessage> messages, PublishResult[] results, IEnumerable<int> indexes, PublishResult?[]? refused)
    {
        var candidates = indexes.ToHashSet();
        var blocked = new HashSet<Entity>();
        var open = new List<int>();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            if (!candidates.Contains(index))
            {
                Block(message, results[index]);
            }
            else if (blocked.Contains(message.Entity))
            {
                results[index] = PublishResult.Held;
            }
            else if ((refused?[index] ?? places.Closed(message, doubts: true)) is { } closed)
            {
                Block(message, results[index] = closed);
            }
            else
            {
                open.Add(index);
            }
        }

        return open;

        void Block(OutboxMessage message, PublishResult result)
        {
            if (result.Status != PublishStatus.Published)
            {
                blocked.Add(message.Entity);
            }
        }
    }

    private Task SendAsync(
        IReadOnlyList<OutboxMessage> messages, PublishResult[] results, List<int> indexes, Func<TimeSpan> remaining, CancellationToken cancellationToken) =>
        Task.WhenAll(senders.Split(messages, indexes).Select(async part =>
        {
            var own = part.Indexes.ConvertAll(index => messages[index]);
            var outcome = await SendAsync(part.Sender, own, remaining, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < own.Count; i++)
            {
                results[part.Indexes[i]] = outcome[i];
            }
        }));

    private async Task<PublishResult[]> SendAsync(IBatchSender sender, List<OutboxMessage> messages, Func<TimeSpan> remaining, CancellationToken cancellationToken)
    {
        var outcome = await sender.SendAsync(messages, remaining(), cancellationToken).ConfigureAwait(false);
        return Isolation.IsNeeded(outcome)
            ? await new Isolation(sender, messages, outcome, places.PlaceOf).RunAsync(remaining, cancellationToken).ConfigureAwait(false)
            : outcome.Results;
    }
}
