using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>Publishes batches to Kafka, and finds the one bad record when the broker refuses a whole request for it.</summary>
internal sealed class KafkaPublisher(SenderPool senders, PartitionCounts partitions, TimeProvider time) : IMessagePublisher
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

    /// <inheritdoc/>
    public Place PlaceOf(OutboxMessage message) => new(message.Topic, partitions.PartitionOf(message));

    private async Task<PublishResult[]> PublishAsync(
        IBatchSender sender, IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var batch = await sender.SendAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        return SecondAttempt.IsNeeded(batch)
            ? await new SecondAttempt(sender, batch, () => deadline - time.GetElapsedTime(started)).RunAsync(cancellationToken).ConfigureAwait(false)
            : batch.Results;
    }
}
