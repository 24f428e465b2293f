using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Outbox.Embedded.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

/// <summary>What docs/embedded-kafka.md says of the cluster, one test per line of its table.</summary>
public sealed class SupportTests : IDisposable
{
    private readonly KafkaCluster _cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });

    private string Servers => _cluster.BootstrapServers;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Read_committed_shows_a_committed_transaction_and_what_an_aborted_one_had_sent()
    {
        using var producer = Clients.Producer(Servers, x => x.TransactionalId = "tx");
        producer.InitTransactions(Clients.Patience);
        InTransaction(producer, "aborted", () =>
        {
            producer.Flush(Clients.Patience);
            producer.AbortTransaction();
        });
        InTransaction(producer, "committed", producer.CommitTransaction);

        using var consumer = Clients.Consumer(Servers, "g", x => x.IsolationLevel = IsolationLevel.ReadCommitted);
        consumer.Subscribe("t");

        Assert.Equal(["aborted", "committed"], consumer.Take(2).Select(read => read.Message.Value));
    }

    [Fact]
    public void Offsets_sent_in_a_transaction_are_accepted_and_forgotten()
    {
        using var producer = Clients.Producer(Servers, x => x.TransactionalId = "tx");
        producer.InitTransactions(Clients.Patience);
        producer.BeginTransaction();
        producer.Produce("t", new Message<string, string> { Value = "v" });
        using var consumer = Clients.Consumer(Servers, "g");
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 1)], consumer.ConsumerGroupMetadata, Clients.Patience);
        producer.CommitTransaction();

        Assert.Equal(Offset.Unset, consumer.Committed([new TopicPartition("t", 0)], Clients.Patience)[0].Offset);
    }

    [Fact]
    public void A_second_producer_with_the_same_transactional_id_does_not_fence_the_first()
    {
        using var first = Clients.Producer(Servers, x => x.TransactionalId = "tx");
        first.InitTransactions(Clients.Patience);
        using var second = Clients.Producer(Servers, x => x.TransactionalId = "tx");
        second.InitTransactions(Clients.Patience);

        InTransaction(first, "late", first.CommitTransaction);

        using var consumer = Clients.Consumer(Servers, "g");
        consumer.Subscribe("t");
        Assert.Equal("late", consumer.Take(1)[0].Message.Value);
    }

    [Fact]
    public async Task The_consumer_group_protocol_of_Kafka_4_assigns_partitions()
    {
        await Clients.Produce(Servers, "t", 1);
        using var consumer = Clients.Consumer(Servers, "g", x =>
        {
            x.GroupProtocol = GroupProtocol.Consumer;
            x.SessionTimeoutMs = null;
            x.HeartbeatIntervalMs = null;
        });
        consumer.Subscribe("t");

        Assert.Single(consumer.Take(1));
    }

    [Fact]
    public async Task A_static_member_that_comes_back_goes_on()
    {
        await Clients.Produce(Servers, "t", 2);
        using (var first = Clients.Consumer(Servers, "g", x => x.GroupInstanceId = "one"))
        {
            first.Subscribe("t");
            first.Commit(first.Take(1)[0]);
        }

        using var again = Clients.Consumer(Servers, "g", x => x.GroupInstanceId = "one");
        again.Subscribe("t");
        Assert.Equal(1, again.Take(1)[0].Offset.Value);
    }

    [Fact]
    public async Task Watermarks_are_answered()
    {
        await Clients.Produce(Servers, "t", 3);
        using var consumer = Clients.Consumer(Servers, "g");

        var marks = consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Clients.Patience);

        Assert.Equal((0, 3), (marks.Low.Value, marks.High.Value));
    }

    [Fact]
    public async Task Admin_ListOffsets_answers_the_latest_offset()
    {
        await Clients.Produce(Servers, "t", 3);
        using var admin = Clients.Admin(Servers);

        var listed = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition("t", 0), OffsetSpec = OffsetSpec.Latest() }]);

        Assert.Equal(3, listed.ResultInfos[0].TopicPartitionOffsetError.Offset.Value);
    }

    [Fact]
    public async Task Offsets_for_times_are_always_the_end()
    {
        await Clients.Produce(Servers, "t", 3);
        using var consumer = Clients.Consumer(Servers, "g");

        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp("t", 0, new Timestamp(0, TimestampType.CreateTime))], Clients.Patience);

        Assert.Equal(Offset.End, found[0].Offset);
    }

    [Theory]
    [InlineData("CreateTopics", ErrorCode.Local_TimedOut)]
    [InlineData("DeleteTopics", ErrorCode.Local_TimedOut)]
    [InlineData("CreatePartitions", ErrorCode.Local_TimedOut)]
    [InlineData("DescribeConfigs", ErrorCode.Local_TimedOut)]
    [InlineData("AlterConfigs", ErrorCode.Local_TimedOut)]
    [InlineData("DescribeCluster", ErrorCode.Local_TimedOut)]
    [InlineData("DeleteRecords", ErrorCode.Local_Partial)]
    [InlineData("DescribeGroups", ErrorCode.Local_Partial)]
    public async Task An_admin_request_that_the_mock_lacks_fails(string request, ErrorCode error)
    {
        using var admin = Clients.Admin(Servers);

        var refused = await Assert.ThrowsAnyAsync<KafkaException>(() => Ask(admin, request)).WaitAsync(Clients.Patience);

        Assert.Equal(error, refused.Error.Code);
    }

    private static void InTransaction(IProducer<string, string> producer, string value, Action end)
    {
        producer.BeginTransaction();
        producer.Produce("t", new Message<string, string> { Value = value });
        end();
    }

    private static Task Ask(IAdminClient admin, string request)
    {
        var timeout = TimeSpan.FromSeconds(1);
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = "t" };
        return request switch
        {
            "CreateTopics" => admin.CreateTopicsAsync([new TopicSpecification { Name = "new" }], new CreateTopicsOptions { RequestTimeout = timeout }),
            "DeleteTopics" => admin.DeleteTopicsAsync(["t"], new DeleteTopicsOptions { RequestTimeout = timeout }),
            "CreatePartitions" => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 2 }], new CreatePartitionsOptions { RequestTimeout = timeout }),
            "DescribeConfigs" => admin.DescribeConfigsAsync([topic], new DescribeConfigsOptions { RequestTimeout = timeout }),
            "AlterConfigs" => admin.IncrementalAlterConfigsAsync(new() { [topic] = [new ConfigEntry { Name = "retention.ms", Value = "1" }] }, new() { RequestTimeout = timeout }),
            "DeleteRecords" => admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 0, 0)], new DeleteRecordsOptions { RequestTimeout = timeout }),
            "DescribeGroups" => admin.DescribeConsumerGroupsAsync(["g"], new DescribeConsumerGroupsOptions { RequestTimeout = timeout }),
            "DescribeCluster" => admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = timeout }),
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
    }
}
