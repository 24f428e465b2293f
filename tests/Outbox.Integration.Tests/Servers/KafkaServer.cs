using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Outbox.Embedded.Kafka;
using Testcontainers.Kafka;

namespace Outbox.Integration.Tests.Servers;

/// <summary>One Kafka for the whole run: OUTBOX_TEST_KAFKA, or Docker where it answers, or the embedded cluster.</summary>
public sealed class KafkaServer
{
    private static readonly Lazy<Task<KafkaServer>> Shared = new(StartAsync);

    private KafkaServer(string bootstrapServers, KafkaCluster? embedded)
    {
        BootstrapServers = bootstrapServers;
        Embedded = embedded;
    }

    public string BootstrapServers { get; }

    /// <summary>The embedded cluster's controls; null on a real one.</summary>
    public KafkaCluster? Embedded { get; }

    /// <exception cref="InvalidOperationException">The class says that it needs none, and is left out where tests are judged by a real one.</exception>
    public static Task<KafkaServer> GetAsync() =>
        TestContext.Current.TestClass is { } test && test.Traits.TryGetValue("Broker", out var brokers) && brokers.Contains("none")
            ? throw new InvalidOperationException($"{test.TestClassName} has [Trait(\"Broker\", \"none\")] and asks for Kafka: .ci/run would leave it out on the real one. Take the trait away.")
            : Shared.Value;

    public async Task<string> CreateTopicAsync(string prefix, int partitions = 4, bool exact = false, params (string Name, string Value)[] settings)
    {
        var topic = exact ? prefix : $"{prefix}-{Guid.NewGuid():N}";
        if (Embedded is not null)
        {
            Embedded.CreateTopic(topic, partitions);
            return topic;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = settings.ToDictionary(x => x.Name, x => x.Value) }]);
        await Eventually.TrueAsync(() => Task.FromResult(IsKnown(admin, topic)), $"the broker knows topic '{topic}', whose creation it has answered");
        return topic;
    }

    /// <summary>The answer comes from the controller: the broker hears of the topic a moment later.</summary>
    private static bool IsKnown(IAdminClient admin, string topic) =>
        admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single() is { Error.IsError: false, Partitions: var partitions } && partitions.All(partition => partition.Leader >= 0);

    private static async Task<KafkaServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("OUTBOX_TEST_KAFKA") is { Length: > 0 } given)
        {
            return Announce(new KafkaServer(given, null), "given by OUTBOX_TEST_KAFKA");
        }

        if (await Docker.AnswersAsync())
        {
            var container = new KafkaBuilder("confluentinc/cp-kafka:7.8.0").Build();
            await container.StartAsync();
            return Announce(new KafkaServer(container.GetBootstrapAddress(), null), "in Docker");
        }

        var cluster = KafkaCluster.Start(new KafkaClusterOptions { Brokers = 1 });
        return Announce(new KafkaServer(cluster.BootstrapServers, cluster), "embedded");
    }

    private static KafkaServer Announce(KafkaServer server, string origin)
    {
        Console.WriteLine($"Kafka: {origin}");
        return server;
    }
}
