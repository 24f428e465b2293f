using Confluent.Kafka;

namespace Outbox.Embedded.Kafka;

/// <summary>
/// Finds what an embedded cluster dropped. It keeps about 5 MB per partition and forgets the oldest beyond that without an error, so a low watermark
/// above the records that were deleted on purpose means lost records.
/// </summary>
public static class RetentionCheck
{
    /// <summary>Asks the brokers for the watermarks of every partition; works from any process.</summary>
    /// <param name="bootstrapServers">The cluster's address.</param>
    /// <param name="timeout">How long to wait for each answer; 10 seconds when null.</param>
    /// <returns>One entry for each partition that lost records; empty when nothing was dropped.</returns>
    public static IReadOnlyList<LostRecords> FindLost(string bootstrapServers, TimeSpan? timeout = null) =>
        FindLost(bootstrapServers, timeout ?? TimeSpan.FromSeconds(10), new Dictionary<TopicPartition, long>());

    internal static IReadOnlyList<LostRecords> FindLost(string bootstrapServers, TimeSpan timeout, IReadOnlyDictionary<TopicPartition, long> deleted)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "retention-check" }).Build();

        var lost = new List<LostRecords>();
        foreach (var topic in admin.GetMetadata(timeout).Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                var position = new TopicPartition(topic.Topic, partition.PartitionId);
                var low = consumer.QueryWatermarkOffsets(position, timeout).Low.Value;
                var dropped = low - deleted.GetValueOrDefault(position);
                if (dropped > 0)
                    lost.Add(new LostRecords(topic.Topic, partition.PartitionId, dropped, low));
            }
        }

        return lost;
    }
}
