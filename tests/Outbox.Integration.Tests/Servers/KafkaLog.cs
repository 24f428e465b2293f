using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Reads a topic from its beginning to its present end.</summary>
internal static class KafkaLog
{
    private static readonly TimeSpan CommitTakes = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<ConsumeResult<string, byte[]?>> Read(string bootstrapServers, string topic)
    {
        using var consumer = new ConsumerBuilder<string, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "log-reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            FetchWaitMaxMs = 10,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));

        var read = new List<ConsumeResult<string, byte[]?>>();
        var ends = new Dictionary<int, long>();
        while (ends.Count < partitions.Count)
        {
            if (!Take(TimeSpan.FromSeconds(20)))
            {
                throw new TimeoutException($"Topic {topic} could not be read to its end.");
            }
        }

        // A transaction is committed a moment before its records are to be read. One that stays open is open because the test wants it so.
        var highs = admin.ListOffsetsAsync(
            partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, p.PartitionId), OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted }).GetAwaiter().GetResult().ResultInfos.Select(info => info.TopicPartitionOffsetError);
        var waited = Stopwatch.StartNew();
        while (highs.Any(high => ends[high.Partition] < high.Offset) && waited.Elapsed < CommitTakes)
        {
            Take(TimeSpan.FromMilliseconds(100));
        }

        return read;

        bool Take(TimeSpan patience)
        {
            var result = consumer.Consume(patience);
            if (result is { IsPartitionEOF: true })
            {
                ends[result.Partition] = result.Offset;
            }
            else if (result is not null)
            {
                read.Add(result);
            }

            return result is not null;
        }
    }

    public static string? Header(this ConsumeResult<string, byte[]?> result, string name) =>
        result.Message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
