using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>Publishes batches to Kafka, and finds the one bad record when the broker refuses a whole request for it.</summary>
internal sealed class KafkaPublisher(SenderPool senders, TimeProvider time) : IMessagePublisher
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var parts = senders.Split(messages);
        if (parts.Count == 1)
        {
            return await PublishAsync(parts[0].Sender, messages, deadline, cancellationToken).ConfigureAwait(false);
        }

        var results = new PublishResult[messages.Count];
        await Task.WhenAll(parts.Select(async part =>
        {
            var own = part.Indexes.Select(index => messages[index]).ToList();
            var outcome = await PublishAsync(part.Sender, own, deadline, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < own.Count; i++)
            {
                results[part.Indexes[i]] = outcome[i];
            }
        })).ConfigureAwait(false);
        return results;
    }

    private async Task<PublishResult[]> PublishAsync(
        IBatchSender sender, IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var batch = await sender.SendAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        var results = batch.Results;
        if (batch.Suspects.Count > 1)
        {
            await IsolateAsync(sender, batch, results, () => deadline - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>Sends the suspects one by one: the bad one is refused again, and the others go through.</summary>
    private static async Task IsolateAsync(
        IBatchSender sender, ProduceBatch batch, PublishResult[] results, Func<TimeSpan> remaining, CancellationToken cancellationToken)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in batch.Suspects)
        {
            var message = batch.Messages[index];
            results[index] = PublishResult.Held;
            if (failed.Contains(message.EntityId) || remaining() <= TimeSpan.Zero)
            {
                continue;
            }

            var alone = await sender.SendAsync([message], remaining(), cancellationToken).ConfigureAwait(false);
            results[index] = alone.Results[0];
            if (results[index].Status != PublishStatus.Published)
            {
                failed.Add(message.EntityId);
            }
        }
    }
}
