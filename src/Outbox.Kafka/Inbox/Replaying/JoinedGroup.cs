using Confluent.Kafka;
using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>The group's only member.</summary>
internal sealed class JoinedGroup(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions) : IJoinedGroup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IReadOnlyList<PartitionOffset> Committed() => [.. consumer.Committed(partitions, Patience).Where(offset => offset.Offset.Value >= 0).Select(Of)];

    /// <inheritdoc/>
    public IReadOnlyList<PartitionOffset> Ends() => [.. partitions.Select(partition => Of(new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Patience).High)))];

    /// <inheritdoc/>
    public IReadOnlyList<PartitionOffset> Begins(ReplayFrom from, IReadOnlyList<PartitionOffset> processed)
    {
        if (from.Offsets.Count > 0)
        {
            return [.. from.Offsets.Where(offset => partitions.Contains(new TopicPartition(offset.Topic, offset.Partition)))];
        }

        if (from.Time is { } time)
        {
            var found = consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(time))), Patience);
            var stopped = processed.ToDictionary(offset => new TopicPartition(offset.Topic, offset.Partition));
            return [.. found.Where(offset => offset.Offset.Value >= 0).Select(Of), .. found.Where(offset => offset.Offset.Value < 0 && stopped.ContainsKey(offset.TopicPartition)).Select(offset => stopped[offset.TopicPartition])];
        }

        return [.. partitions.Select(partition => Of(new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Patience).Low)))];
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<PartitionOffset> offsets)
    {
        if (offsets.Count > 0)
        {
            consumer.Commit(offsets.Select(offset => new TopicPartitionOffset(offset.Topic, offset.Partition, offset.Offset)));
        }
    }

    public void Dispose()
    {
        try
        {
            consumer.Close();
        }
        catch (KafkaException)
        {
            // The group finds out by itself.
        }

        consumer.Dispose();
    }

    private static PartitionOffset Of(TopicPartitionOffset offset) => new(offset.Topic, offset.Partition.Value, offset.Offset.Value);
}
