using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Inbox.Health;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>Notices when Kafka has deleted messages that the group had not read: the client goes on behind them without a word.</summary>
internal sealed class LostMessages(EndpointName endpoint, InboxMetrics metrics, EndpointState state, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>What was lost, for people; <see langword="null"/> if nothing was.</returns>
    /// <param name="consumer">The consumer.</param>
    /// <param name="position">The partition.</param>
    /// <param name="expected">The offset behind the last one that was read; negative if none was.</param>
    public string? Look(IConsumer<byte[]?, byte[]?> consumer, TopicPartition position, long expected)
    {
        var first = First(consumer, position);
        if (first <= 0)
        {
            return null;
        }

        var from = expected >= 0 ? expected : Committed(consumer, position);
        if (from < 0 || first <= from)
        {
            return null;
        }

        metrics.Lost(endpoint.Group, position.Topic, first - from);
        state.Lost(first - from);
        logger.MessagesLost(position.ToString(), endpoint.Group, first - from, from, first);
        return $"Kafka had deleted {first - from} messages of {position}, offsets {from} to {first - 1}, before group '{endpoint.Group}' had read them";
    }

    private static long First(IConsumer<byte[]?, byte[]?> consumer, TopicPartition position)
    {
        try
        {
            return consumer.GetWatermarkOffsets(position).Low.Value;
        }
        catch (KafkaException)
        {
            return 0;
        }
    }

    private static long Committed(IConsumer<byte[]?, byte[]?> consumer, TopicPartition position)
    {
        try
        {
            return consumer.Committed([position], Patience)[0].Offset.Value;
        }
        catch (KafkaException)
        {
            // Then it cannot be told; the next commit will say what is wrong.
            return Offset.Unset.Value;
        }
    }
}
