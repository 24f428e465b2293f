using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>Retention that takes messages before the group has read them.</summary>
public sealed class LostMessagesTests
{
    [Fact]
    public async Task Messages_that_retention_took_are_counted_in_health_and_the_rest_is_processed()
    {
        await using var before = await LoseAsync();
        await using var service = await StartAsync(before, LostMessagesPolicy.GoOn);

        await service.HasAsync(service.Inbox, 4);
        Assert.Equal(["m0", "m1", "m4", "m5"], await ProcessedAsync(service));
        Assert.Contains("Kafka had deleted 2 messages before endpoint", (await HealthAsync(service)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Stop_nothing_is_read_behind_the_lost_messages_until_the_policy_is_another()
    {
        await using var before = await LoseAsync();
        await using (var service = await StartAsync(before, LostMessagesPolicy.Stop))
        {
            await Eventually.TrueAsync(
                async () => (await HealthAsync(service)).Description?.Contains("Kafka had deleted 2 messages of", StringComparison.Ordinal) == true, "health says that the partition is stopped");
            Assert.Contains("OnLostMessages is Stop", (await HealthAsync(service)).Description, StringComparison.Ordinal);
            await service.ProduceAsync(Order(6));
            Assert.Equal(["m0", "m1"], await ProcessedAsync(service));
        }

        // It committed nothing that lies behind the gap.
        await using var after = await StartAsync(before, LostMessagesPolicy.GoOn);
        await after.HasAsync(after.Inbox, 5);
        Assert.Equal(["m0", "m1", "m4", "m5", "m6"], await ProcessedAsync(after));
    }

    /// <summary>Two messages of one partition are processed; of the next four, Kafka deletes two while nobody reads.</summary>
    private static async Task<ConsumingService> LoseAsync()
    {
        var kafka = await KafkaServer.GetAsync();
        var service = await ConsumingService.StartAsync();
        await service.ProduceAsync(Order(0), Order(1));
        await service.HasAsync(service.Inbox, 2);
        await service.StopAsync();
        await service.ProduceAsync(Order(2), Order(3), Order(4), Order(5));

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var partitions = Enumerable.Range(0, 4).Select(partition => new TopicPartition(service.TopicName, partition)).ToList();
        var ends = await admin.ListOffsetsAsync(partitions.ConvertAll(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }));
        var used = ends.ResultInfos.Single(end => end.TopicPartitionOffsetError.Offset > 0).TopicPartitionOffsetError;
        Assert.Equal(6, used.Offset.Value);
        if (kafka.Embedded is { } embedded)
        {
            embedded.DeleteRecords(service.TopicName, used.Partition.Value, 4);
        }
        else
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(used.TopicPartition, 4)]);
        }

        return service;
    }

    private static Task<ConsumingService> StartAsync(ConsumingService beside, LostMessagesPolicy policy) => ConsumingService.StartAsync(
        outbox: o => o.Services.AddHealthChecks().AddOutboxInbox(), endpoint: e => e.OnLostMessages = policy, beside: beside);

    private static (string MessageId, OrderPlaced Order) Order(int n) => ($"m{n}", new OrderPlaced("o", n + 1));

    private static async Task<List<string>> ProcessedAsync(ConsumingService service) =>
        [.. (await service.Inbox.Find(new BsonDocument()).ToListAsync()).Select(record => record["_id"]["messageId"].AsString).Order(StringComparer.Ordinal)];

    private static async Task<HealthReportEntry> HealthAsync(ConsumingService service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["outbox-inbox"];
}
