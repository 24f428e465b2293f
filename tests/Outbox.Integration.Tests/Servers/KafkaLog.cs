using System.Text;
using Confluent.Kafka;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Reads a topic from its beginning to its present end.</summary>
internal static class KafkaLog
{
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
        var open = partitions.Count;
        while (open > 0)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"Topic {topic} could not be read to its end.");
            if (result.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                read.Add(result);
            }
        }

        return read;
    }

    public static string? Header(this ConsumeResult<string, byte[]?> result, string name) =>
        result.Message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
