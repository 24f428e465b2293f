using Confluent.Kafka;

namespace Demo.Kafka;

/// <summary>How far a service's consumer group is.</summary>
internal sealed class GroupProgress(string bootstrapServers, string group, IReadOnlyList<TopicPartition> partitions) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // It asks for what is committed; it never joins the group.
    private readonly IConsumer<Ignore, Ignore> _consumer =
        new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = group, EnableAutoCommit = false }).Build();

    /// <summary>The end of each partition.</summary>
    public Dictionary<TopicPartition, long> Ends() =>
        partitions.ToDictionary(partition => partition, partition => _consumer.QueryWatermarkOffsets(partition, Timeout).High.Value);

    /// <summary>How many records the group has not committed yet.</summary>
    public long Lag(IReadOnlyDictionary<TopicPartition, long> ends)
    {
        var committed = _consumer.Committed(partitions, Timeout);
        return committed.Sum(offset => ends[offset.TopicPartition] - (offset.Offset == Offset.Unset ? 0 : offset.Offset.Value));
    }

    public void Dispose() => _consumer.Dispose();
}
