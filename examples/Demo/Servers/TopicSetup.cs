using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Demo.Servers;

/// <summary>Creates and deletes the topics of a run on a given cluster.</summary>
internal static class TopicSetup
{
    private const short BrokersDefault = -1;

    public static async Task CreateAsync(string bootstrapServers, IEnumerable<string> topics, int partitions)
    {
        using var admin = Admin(bootstrapServers);
        try
        {
            await admin.CreateTopicsAsync(topics.Select(topic => new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = BrokersDefault }));
        }
        catch (KafkaException error)
        {
            throw new DemoException($"The topics {string.Join(" and ", topics)} could not be created on {bootstrapServers}: {error.Message}", error);
        }
    }

    public static async Task DeleteAsync(string bootstrapServers, IEnumerable<string> topics)
    {
        using var admin = Admin(bootstrapServers);
        await admin.DeleteTopicsAsync(topics);
    }

    private static IAdminClient Admin(string bootstrapServers) => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
}
