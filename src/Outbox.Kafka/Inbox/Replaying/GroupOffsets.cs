using Confluent.Kafka;
using Outbox.Inbox.Replaying;

namespace Outbox.Kafka.Inbox.Replaying;

/// <summary>Reads and sets the offsets of a group whose members have all left.</summary>
internal sealed class GroupOffsets(KafkaOptions kafka, OutboxOptions outbox, TimeProvider time) : IGroupOffsets
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public Task<IJoinedGroup> JoinAsync(string group, IReadOnlyList<string> topics, CancellationToken cancellationToken) => Task.Run<IJoinedGroup>(
        () =>
        {
            var assigned = new HashSet<TopicPartition>();
            var consumer = ClientBuilders.OfGroup(group, kafka, outbox)
                .SetPartitionsAssignedHandler((_, given) => assigned.UnionWith(given))
                .SetPartitionsRevokedHandler((_, taken) => assigned.ExceptWith(taken.Select(offset => offset.TopicPartition)))
                .SetPartitionsLostHandler((_, lost) => assigned.ExceptWith(lost.Select(offset => offset.TopicPartition)))
                .Build();
            try
            {
                consumer.Subscribe(topics);
                var started = time.GetTimestamp();
                while (assigned.Count == 0 || !IsWhole(consumer, topics, assigned))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (time.GetElapsedTime(started) > LongestJoin)
                    {
                        throw new OutboxException($"Group '{group}' did not give all partitions to the one member that sets its offsets. Stop its other members; it is tried again.");
                    }

                    if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not null)
                    {
                        // What it reads is not its own to process: nothing is stored, so nothing of it is committed.
                        consumer.Pause(assigned);
                    }
                }

                return new JoinedGroup(consumer, [.. assigned]);
            }
            catch
            {
                consumer.Dispose();
                throw;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HaveReachedAsync(string group, IReadOnlyList<PartitionOffset> until, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var open = until.Where(end => end.Offset > 0).ToList();
            if (open.Count == 0)
            {
                return true;
            }

            using var consumer = ClientBuilders.OfGroup(group, kafka, outbox, showsEnds: true).Build();
            var committed = consumer.Committed(open.Select(end => new TopicPartition(end.Topic, end.Partition)), Patience).ToDictionary(offset => offset.TopicPartition, offset => offset.Offset);
            var left = open.Where(end => committed[new TopicPartition(end.Topic, end.Partition)].Value < end.Offset).ToDictionary(end => new TopicPartition(end.Topic, end.Partition), end => end.Offset);
            return IsNothingLeft(consumer, left, committed, cancellationToken);
        },
        cancellationToken);

    /// <summary>The markers of transactions have offsets and are no messages, so a group that has processed everything may have committed less than the end.</summary>
    private bool IsNothingLeft(
        IConsumer<byte[]?, byte[]?> consumer, Dictionary<TopicPartition, long> ends, Dictionary<TopicPartition, Offset> committed, CancellationToken cancellationToken)
    {
        consumer.Assign(ends.Keys.Select(partition => new TopicPartitionOffset(partition, committed[partition].Value >= 0 ? committed[partition] : Offset.Beginning)));
        var started = time.GetTimestamp();
        while (ends.Count > 0 && time.GetElapsedTime(started) < Patience)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result)
            {
                continue;
            }

            if (!result.IsPartitionEOF && result.Offset.Value < ends.GetValueOrDefault(result.TopicPartition))
            {
                return false;
            }

            ends.Remove(result.TopicPartition);
        }

        return ends.Count == 0;
    }

    /// <summary>Whether it has all partitions: of each topic that is named and there, and of each topic that a pattern has given it.</summary>
    private static bool IsWhole(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<string> topics, HashSet<TopicPartition> assigned)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return topics.Where(topic => !topic.StartsWith('^')).Concat(assigned.Select(partition => partition.Topic)).Distinct().All(topic =>
            admin.GetMetadata(topic, Patience).Topics.Single(found => found.Topic == topic).Partitions.TrueForAll(partition => assigned.Contains(new TopicPartition(topic, partition.PartitionId))));
    }
}
