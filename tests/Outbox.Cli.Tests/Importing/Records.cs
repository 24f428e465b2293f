using System.Text;
using Confluent.Kafka;

namespace Outbox.Cli.Tests.Importing;

/// <summary>What is on a topic, from its beginning to its end.</summary>
internal static class Records
{
    public static IReadOnlyList<ConsumeResult<string, byte[]?>> All(string bootstrapServers, string topic, int partitions)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = $"reader-{Guid.NewGuid():N}", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<string, byte[]?>(config).Build();
        var found = new List<ConsumeResult<string, byte[]?>>();
        foreach (var partition in Enumerable.Range(0, partitions).Select(number => new TopicPartition(topic, number)))
        {
            var end = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(30)).High.Value;
            consumer.Assign(new TopicPartitionOffset(partition, 0));
            for (var next = 0L; next < end;)
            {
                var record = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"{partition} has {end} records, and {next} came.");
                found.Add(record);
                next = record.Offset.Value + 1;
            }
        }

        return found;
    }

    public static string? Text(this Headers headers, string name) => headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
}
