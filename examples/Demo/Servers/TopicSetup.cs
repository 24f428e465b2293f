using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Demo.Kafka;

namespace Demo.Servers;

/// <summary>Creates and deletes the topics of a run on a given cluster.</summary>
internal sealed class TopicSetup(string bootstrapServers, IReadOnlyCollection<string> topics, Action<string> note)
{
    private const short BrokersDefault = -1;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks for the topics; a broker that does not let clients create them may still do so by itself when they are first used.</summary>
    public async Task CreateAsync(int partitions)
    {
        using var admin = Admin();
        try
        {
            await admin.CreateTopicsAsync(
                topics.Select(topic => new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = BrokersDefault }),
                new CreateTopicsOptions { RequestTimeout = RequestTimeout });
        }
        catch (KafkaException error)
        {
            note($"the broker does not create topics on request ({error.Message}); using them in the hope that it creates them by itself");
        }

        await WaitAsync();
    }

    public async Task DeleteAsync()
    {
        using var admin = Admin();
        try
        {
            await admin.DeleteTopicsAsync(topics, new DeleteTopicsOptions { RequestTimeout = RequestTimeout });
        }
        catch (KafkaException error)
        {
            note($"the topics {string.Join(" and ", topics)} could not be deleted: {error.Message}");
        }
    }

    private async Task WaitAsync()
    {
        var since = Stopwatch.StartNew();
        while (TopicLog.FindPartitions(bootstrapServers, topics).Select(partition => partition.Topic).Distinct().Count() < topics.Count)
        {
            if (since.Elapsed > Patience)
            {
                throw new DemoException($"The topics {string.Join(" and ", topics)} are not there after {Patience.TotalSeconds:0} s. Let {bootstrapServers} create them.");
            }

            await Task.Delay(200);
        }
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
}
