using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Outbox.Cluster.Tests.Brokers;

/// <summary>What the cluster says of itself, asked by a client that is new each time.</summary>
internal static class ClusterState
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Waits until three brokers are there and every partition has all of its replicas in sync.</summary>
    public static async Task HealedAsync(string servers)
    {
        var watch = Stopwatch.StartNew();
        while (!IsHealed(servers, out var state))
        {
            Assert.True(watch.Elapsed < Limit, $"The cluster has not healed within {Limit}: {state}");
            await Task.Delay(200);
        }
    }

    public static async Task<string> CreateTopicAsync(string servers, string topic, int partitions)
    {
        using var admin = Admin(servers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 3 }]);
        await HealedAsync(servers);
        return topic;
    }

    public static async Task DeleteTopicAsync(string servers, string topic)
    {
        using var admin = Admin(servers);
        await admin.DeleteTopicsAsync([topic]);
    }

    public static async Task AddPartitionsAsync(string servers, string topic, int partitions)
    {
        using var admin = Admin(servers);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }]);
        await HealedAsync(servers);
    }

    /// <summary>How many records some partitions have ever had.</summary>
    public static async Task<long> EndOfAsync(string servers, string topic, IEnumerable<int> partitions)
    {
        using var admin = Admin(servers);
        var ends = await admin.ListOffsetsAsync(partitions.Select(
            partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = OffsetSpec.Latest() }));
        return ends.ResultInfos.Sum(end => end.TopicPartitionOffsetError.Offset.Value);
    }

    /// <summary>The broker that coordinates a consumer group.</summary>
    public static async Task<int> CoordinatorOfAsync(string servers, string group)
    {
        using var admin = Admin(servers);
        var described = await admin.DescribeConsumerGroupsAsync([group]);
        return described.ConsumerGroupDescriptions.Single().Coordinator.Id;
    }

    private static bool IsHealed(string servers, out string state)
    {
        try
        {
            using var admin = Admin(servers);
            var metadata = admin.GetMetadata(TimeSpan.FromSeconds(5));
            var behind = metadata.Topics.SelectMany(topic => topic.Partitions.Where(p => p.InSyncReplicas.Length < p.Replicas.Length).Select(p => $"{topic.Topic}/{p.PartitionId}")).ToList();
            state = $"{metadata.Brokers.Count} brokers, {behind.Count} partitions behind {string.Join(' ', behind.Take(5))}";
            return metadata.Brokers.Count == 3 && behind.Count == 0;
        }
        catch (KafkaException error)
        {
            state = error.Message;
            return false;
        }
    }

    private static IAdminClient Admin(string servers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers, SocketTimeoutMs = 5_000 }).SetLogHandler((_, _) => { }).Build();
}
