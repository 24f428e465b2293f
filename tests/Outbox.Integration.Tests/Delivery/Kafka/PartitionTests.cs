using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.MongoDb;
using Outbox.MongoDb.Delivery;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>G4, where a topic gets more partitions: an entity moves once, for all relays.</summary>
public sealed class PartitionTests
{
    private const int Entities = 40;

    [Fact]
    public async Task G4_relays_go_by_the_largest_number_that_one_of_them_has_seen_until_the_topic_is_another()
    {
        var (partitions, topics) = await AgreementAsync();

        Assert.Equal(3, await partitions.AgreeAsync("orders", 3, default));
        Assert.Equal(6, await partitions.AgreeAsync("orders", 6, default));
        Assert.Equal(6, await partitions.AgreeAsync("orders", 3, default));
        Assert.Equal(1, await partitions.AgreeAsync("payments", 1, default));

        await topics.UpdateOneAsync(new BsonDocument("_id", "orders"), Builders<BsonDocument>.Update.Set("since", DateTime.UtcNow.AddMinutes(-2)));
        Assert.Equal(4, await partitions.AgreeAsync("orders", 4, default));
        Assert.Equal(4, await partitions.AgreeAsync("orders", 4, default));
        Assert.Equal(5, await partitions.AgreeAsync("orders", 5, default));
    }

    [Fact]
    public async Task G4_relays_that_see_a_topic_for_the_first_time_at_once_agree()
    {
        var (partitions, _) = await AgreementAsync();

        await Task.WhenAll(Enumerable.Range(1, 16).Select(seen => partitions.AgreeAsync("orders", seen, default)));

        Assert.Equal(16, await partitions.AgreeAsync("orders", 2, default));
    }

    [Fact]
    public async Task G4_a_relay_that_takes_lanes_over_goes_by_the_partitions_of_their_last_owner()
    {
        var kafka = await KafkaServer.GetAsync();
        var topic = await kafka.CreateTopicAsync("orders", 4);
        var agreed = new Agreed(2);
        await using var publisher = new TestPublisher(
            new KafkaOptions { BootstrapServers = kafka.BootstrapServers }, new OutboxOptions { LeaseDuration = TimeSpan.FromMinutes(5) }, agreed);
        await PublishAsync(publisher, topic, 1);
        Assert.Equal([0, 1], Partitions(kafka, topic, Entities));

        agreed.Partitions = 4;
        await PublishAsync(publisher, topic, 2);
        Assert.Equal([0, 1], Partitions(kafka, topic, 2 * Entities));

        publisher.Takeovers++;
        await PublishAsync(publisher, topic, 3);
        Assert.Equal([0, 1, 2, 3], Partitions(kafka, topic, 3 * Entities));
    }

    private static async Task PublishAsync(TestPublisher publisher, string topic, long version)
    {
        var messages = Enumerable.Range(0, Entities).Select(i => Batch.Message($"o{i}", version, topic)).ToList();
        Assert.All(await publisher.PublishAsync(messages, TimeSpan.FromSeconds(60), default), result => Assert.Equal(PublishResult.Published, result));
    }

    private static IEnumerable<int> Partitions(KafkaServer kafka, string topic, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = $"look-{Guid.NewGuid():N}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        return [.. Enumerable.Range(0, count).Select(_ => consumer.Consume(TimeSpan.FromSeconds(30)).Partition.Value).Distinct().Order()];
    }

    private static async Task<(ITopicPartitions Partitions, IMongoCollection<BsonDocument> Topics)> AgreementAsync()
    {
        var database = new MongoClient((await MongoDbServer.GetAsync()).ConnectionString).GetDatabase($"t{Guid.NewGuid():N}");
        var collections = new OutboxCollections(database, new CollectionNames(""));
        return (new MongoTopicPartitions(collections), collections.Topics);
    }

    private sealed class Agreed(int partitions) : ITopicPartitions
    {
        public int Partitions { get; set; } = partitions;

        public Task<int> AgreeAsync(string topic, int seen, CancellationToken cancellationToken) => Task.FromResult(Partitions);
    }
}
