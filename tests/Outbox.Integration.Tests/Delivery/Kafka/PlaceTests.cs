using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Outbox.Delivery.Publishing;
using Outbox.Embedded.Kafka;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>G5: what a place does not take costs the others nothing.</summary>
public sealed class PlaceTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Kafka's number of it; Confluent.Kafka has no name for it.</summary>
    private const ResourceType TransactionalId = (ResourceType)5;

    private int _built;

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task G5_a_missing_topic_is_named_and_its_neighbours_go_through_with_the_producer_that_they_had(Fencing fencing)
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker makes every topic that it is asked for; set OUTBOX_TEST_KAFKA to a real one.");
        var good = await kafka.CreateTopicAsync("good", 3);
        var missing = $"missing-{Guid.NewGuid():N}";
        await using var publisher = Publisher(kafka.BootstrapServers, fencing);
        await Eventually.PublishedAsync(publisher, Batch.Message("o0", 1, good));
        var built = _built;

        for (var version = 1; version <= 20; version++)
        {
            var results = await publisher.PublishAsync([.. Batch.Of(good, 10, 1), Batch.Message("m1", 1, missing)], Deadline, default);

            Assert.All(results.SkipLast(1), result => Assert.Equal(PublishResult.Published, result));
            Assert.Equal((PublishStatus.PlaceFailed, new Place(missing)), (results[^1].Status, results[^1].Place));
            Assert.Contains($"Topic '{missing}' does not exist", results[^1].Error, StringComparison.Ordinal);
        }

        Assert.Equal(built, _built);
        await kafka.CreateTopicAsync(missing, 1, exact: true);
        await Eventually.PublishedAsync(publisher, Batch.Message("m1", 1, missing));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task G5_a_topic_that_may_not_be_written_to_waits_with_the_right_named_and_its_neighbours_go_through(Fencing fencing)
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["good"] = 2, ["denied"] = 1 } });
        await using var publisher = Publisher(cluster.BootstrapServers, fencing);
        await Eventually.PublishedAsync(publisher, Batch.Message("o0", 1, "good"));
        cluster.Fail(KafkaRequest.Produce, new TopicPartition("denied", 0), ErrorCode.TopicAuthorizationFailed);

        var results = await publisher.PublishAsync([Batch.Message("d1", 1, "denied"), .. Batch.Of("good", 20, 2), Batch.Message("d1", 2, "denied")], Deadline, default);

        Assert.Equal((PublishStatus.PlaceFailed, new Place("denied")), (results[0].Status, results[0].Place));
        Assert.Contains("The right Write on topic 'denied' is missing", results[0].Error, StringComparison.Ordinal);
        Assert.All(results.Skip(1).SkipLast(1), result => Assert.Equal(PublishResult.Published, result));
        Assert.NotEqual(PublishStatus.Published, results[^1].Status);
        await Eventually.PublishedAsync(publisher, Batch.Message("d1", 1, "denied"));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime, RecordTime.Published, PublishStatus.PlaceFailed)]
    [InlineData(Fencing.KafkaTransactions, RecordTime.Published, PublishStatus.PlaceFailed)]
    [InlineData(Fencing.LeaseTime, RecordTime.Captured, PublishStatus.Refused)]
    [InlineData(Fencing.KafkaTransactions, RecordTime.Captured, PublishStatus.Refused)]
    public async Task G5_a_time_that_is_refused_is_the_clocks_fault_where_it_is_that_of_publishing_and_else_the_messages(Fencing fencing, RecordTime time, PublishStatus expected)
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["good"] = 1, ["late"] = 1 } });
        await using var publisher = Publisher(cluster.BootstrapServers, fencing, time: time);
        await Eventually.PublishedAsync(publisher, Batch.Message("o0", 1, "good"));
        await Eventually.PublishedAsync(publisher, Batch.Message("o0", 1, "late"));
        cluster.Fail(KafkaRequest.Produce, new TopicPartition("late", 0), ErrorCode.InvalidTimestamp, ErrorCode.InvalidTimestamp);

        var results = await publisher.PublishAsync([Batch.Message("d1", 1, "late"), Batch.Message("d2", 1, "late"), .. Batch.Of("good", 20, 2)], Deadline, default);

        Assert.Equal(expected, results[0].Status);
        Assert.Equal(expected == PublishStatus.PlaceFailed ? new Place("late") : null, results[0].Place);
        Assert.Equal(expected == PublishStatus.PlaceFailed, results[0].Error!.Contains("MongoDB's clock is further ahead of the broker's", StringComparison.Ordinal));
        Assert.All(results.Skip(2), result => Assert.Equal(PublishResult.Published, result));
    }

    [Theory]
    [InlineData(Fencing.LeaseTime)]
    [InlineData(Fencing.KafkaTransactions)]
    public async Task G5_rights_and_credentials_on_brokers_that_ask_for_them(Fencing fencing)
    {
        var servers = Environment.GetEnvironmentVariable("OUTBOX_TEST_KAFKA_ACLS");
        Assert.SkipWhen(string.IsNullOrEmpty(servers), "Set OUTBOX_TEST_KAFKA_ACLS to the SASL listener and the open listener of a Kafka with ACLs (see CONTRIBUTING.md).");
        var (sasl, open) = (servers.Split(';')[0], servers.Split(';')[1]);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = open }).Build();
        var (good, denied) = ($"good-{Guid.NewGuid():N}", $"denied-{Guid.NewGuid():N}");
        await admin.CreateTopicsAsync([new() { Name = good, NumPartitions = 2 }, new() { Name = denied, NumPartitions = 2 }]);
        await admin.CreateAclsAsync([Allow(ResourceType.Topic, good, AclOperation.Write), Allow(ResourceType.Topic, denied, AclOperation.Describe), Allow(TransactionalId, "*", AclOperation.All)]);
        await using var publisher = Publisher(sasl, fencing, "app-secret");
        await Eventually.PublishedAsync(publisher, Batch.Message("o0", 1, good));

        IReadOnlyList<PublishResult> results = [];
        for (var i = 0; i < 5; i++)
        {
            results = await publisher.PublishAsync([Batch.Message("d1", 1, denied), .. Batch.Of(good, 10, 2)], Deadline, default);

            Assert.Equal((PublishStatus.PlaceFailed, new Place(denied)), (results[0].Status, results[0].Place));
            Assert.Contains($"The right Write on topic '{denied}' is missing", results[0].Error, StringComparison.Ordinal);
            Assert.All(results.Skip(1), result => Assert.Equal(PublishResult.Published, result));
        }

        await admin.CreateAclsAsync([Allow(ResourceType.Topic, denied, AclOperation.Write)]);
        await Eventually.PublishedAsync(publisher, Batch.Message("d1", 1, denied));

        // Taken away again, without a word to the relay, which finds it out by what it sends.
        await admin.DeleteAclsAsync([Allow(ResourceType.Topic, denied, AclOperation.Write).ToFilter()]);
        for (var version = 2; results[0].Status == PublishStatus.Published || version == 2; version++)
        {
            results = await publisher.PublishAsync([Batch.Message("d1", version, denied), .. Batch.Of(good, 10, 2)], Deadline, default);
        }

        Assert.Contains($"The right Write on topic '{denied}' is missing", results[0].Error, StringComparison.Ordinal);
        Assert.All(results.Skip(1), result => Assert.Equal(PublishResult.Published, result));

        await using var stranger = Publisher(sasl, fencing, "wrong");
        var refused = await stranger.PublishAsync([Batch.Message("o0", 2, good)], TimeSpan.FromSeconds(10), default);
        Assert.Equal((PublishStatus.PlaceFailed, Place.Cluster), (refused[0].Status, refused[0].Place));
        Assert.Contains("The brokers refuse the credentials of Outbox:Kafka:Settings", refused[0].Error, StringComparison.Ordinal);
    }

    private static AclBinding Allow(ResourceType type, string name, AclOperation operation) => new()
    {
        Pattern = new ResourcePattern { Type = type, Name = name, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new AccessControlEntry { Principal = "User:app", Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow },
    };

    private TestPublisher Publisher(string servers, Fencing fencing, string? password = null, RecordTime time = RecordTime.Published)
    {
        var kafka = new KafkaOptions { BootstrapServers = servers, Fencing = fencing, TransactionalIdPrefix = $"places-{Guid.NewGuid():N}" };
        kafka.ConfigureProducer(_ => Interlocked.Increment(ref _built));
        kafka.ProducerSettings[TestPublisher.OneRequest.Name] = TestPublisher.OneRequest.Value;
        if (password is not null)
        {
            kafka.Settings["security.protocol"] = "sasl_plaintext";
            kafka.Settings["sasl.mechanism"] = "PLAIN";
            kafka.Settings["sasl.username"] = "app";
            kafka.Settings["sasl.password"] = password;
        }

        return new TestPublisher(kafka, new OutboxOptions { LeaseDuration = TimeSpan.FromMinutes(5), RecordTime = time });
    }
}
