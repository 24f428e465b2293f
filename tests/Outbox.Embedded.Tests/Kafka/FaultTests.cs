using Confluent.Kafka;
using Outbox.Embedded.Kafka;

namespace Outbox.Embedded.Tests.Kafka;

public sealed class FaultTests
{
    private static readonly Message<string, string> Any = new() { Key = "k", Value = "v" };

    [Fact]
    public async Task A_broker_that_is_down_takes_nothing_until_it_is_up_again()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers);
        await producer.ProduceAsync("t", Any);

        cluster.BrokerDown(1);
        using var other = Clients.Producer(cluster.BootstrapServers, x => { x.EnableIdempotence = false; x.MessageTimeoutMs = 300; });
        var refused = await Assert.ThrowsAnyAsync<ProduceException<string, string>>(() => other.ProduceAsync("t", Any));
        var waiting = producer.ProduceAsync("t", Any);
        Assert.False(waiting.IsCompleted);
        cluster.BrokerUp(1);

        Assert.Equal(ErrorCode.Local_MsgTimedOut, refused.Error.Code);
        Assert.Equal(1, (await waiting.WaitAsync(Clients.Patience)).Offset.Value);
    }

    [Fact]
    public async Task An_error_for_a_request_type_reaches_the_producer_once()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers, x => x.EnableIdempotence = false);

        cluster.Fail(KafkaRequest.Produce, ErrorCode.MsgSizeTooLarge);
        var failure = await Assert.ThrowsAnyAsync<ProduceException<string, string>>(() => producer.ProduceAsync("t", Any));

        Assert.Equal(ErrorCode.MsgSizeTooLarge, failure.Error.Code);
        await producer.ProduceAsync("t", Any).WaitAsync(Clients.Patience);
    }

    [Fact]
    public async Task Errors_that_were_pushed_can_be_forgotten()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers, x => x.EnableIdempotence = false);

        cluster.Fail(KafkaRequest.Produce, ErrorCode.MsgSizeTooLarge);
        cluster.StopFailing(KafkaRequest.Produce);

        await producer.ProduceAsync("t", Any).WaitAsync(Clients.Patience);
    }

    [Fact]
    public async Task An_error_for_one_partition_leaves_the_others_alone()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 2 } });
        using var producer = Clients.Producer(cluster.BootstrapServers, x => x.EnableIdempotence = false);

        cluster.Fail(KafkaRequest.Produce, new TopicPartition("t", 1), ErrorCode.MsgSizeTooLarge);
        await producer.ProduceAsync(new TopicPartition("t", 0), Any).WaitAsync(Clients.Patience);
        var failure = await Assert.ThrowsAnyAsync<ProduceException<string, string>>(() => producer.ProduceAsync(new TopicPartition("t", 1), Any));

        Assert.Equal(ErrorCode.MsgSizeTooLarge, failure.Error.Code);
        await producer.ProduceAsync(new TopicPartition("t", 1), Any).WaitAsync(Clients.Patience);
    }

    [Fact]
    public async Task A_closed_connection_on_produce_is_retried_without_a_duplicate()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers);

        cluster.Fail(KafkaRequest.Produce, ErrorCode.Local_Transport);
        await producer.ProduceAsync("t", Any).WaitAsync(Clients.Patience);

        using var consumer = Clients.Consumer(cluster.BootstrapServers, "g");
        Assert.Equal(1, consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Clients.Patience).High.Value);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(1, 3)]
    public async Task A_record_behind_one_that_was_refused_is_taken_and_with_one_request_in_flight_there_is_none(int inFlight, int records)
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers, x => x.MaxInFlight = inFlight);
        await producer.ProduceAsync("t", Any);
        cluster.SetRoundTrip(TimeSpan.FromSeconds(10));
        cluster.Fail(KafkaRequest.Produce, ErrorCode.LeaderNotAvailable);
        cluster.TrackRequests();

        var refused = producer.ProduceAsync("t", Any);
        await SeenAsync(1);

        // Its answer is on the way until round trips are short again.
        var behind = producer.ProduceAsync("t", Any);
        await SeenAsync(Math.Min(inFlight, 2));
        cluster.SetRoundTrip(TimeSpan.Zero);
        await Task.WhenAll(refused, behind).WaitAsync(Clients.Patience);

        using var consumer = Clients.Consumer(cluster.BootstrapServers, "g");
        Assert.Equal(records, consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Clients.Patience).High.Value);

        async Task SeenAsync(int requests)
        {
            while (cluster.Requests.Count(x => x.Request == KafkaRequest.Produce) < requests)
            {
                await Task.Delay(10);
            }
        }
    }

    [Fact]
    public async Task A_moved_leader_is_found_again()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Brokers = 3, Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers);
        cluster.SetLeader("t", 0, 2);
        await producer.ProduceAsync("t", Any).WaitAsync(Clients.Patience);
        cluster.TrackRequests();

        cluster.SetLeader("t", 0, 3);
        var moved = await producer.ProduceAsync("t", Any).WaitAsync(Clients.Patience);

        Assert.Equal(1, moved.Offset.Value);
        Assert.Equal(3, cluster.Requests.Last(x => x.Request == KafkaRequest.Produce).Broker);
    }

    [Fact]
    public async Task A_moved_coordinator_is_found_again()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Brokers = 2, Topics = { ["t"] = 1 } });
        cluster.SetCoordinator("g", 1);
        using var consumer = Clients.Consumer(cluster.BootstrapServers, "g");
        consumer.Commit([new TopicPartitionOffset("t", 0, 1)]);
        cluster.TrackRequests();

        cluster.SetCoordinator("g", 2);
        cluster.Fail(KafkaRequest.OffsetCommit, ErrorCode.NotCoordinatorForGroup);
        CommitUntilTaken(consumer, new TopicPartitionOffset("t", 0, 2));

        Assert.Equal(2, cluster.Requests.Last(x => x.Request == KafkaRequest.OffsetCommit).Broker);
        Assert.Equal(2, consumer.Committed([new TopicPartition("t", 0)], Clients.Patience)[0].Offset.Value);
    }

    [Fact]
    public async Task A_round_trip_and_a_single_delay_are_waited_for()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var producer = Clients.Producer(cluster.BootstrapServers);
        await producer.ProduceAsync("t", Any);

        cluster.Delay(KafkaRequest.Produce, TimeSpan.FromMilliseconds(400));
        var single = await Elapsed(() => producer.ProduceAsync("t", Any));
        cluster.SetRoundTrip(TimeSpan.FromMilliseconds(300));
        var always = await Elapsed(() => producer.ProduceAsync("t", Any));

        Assert.InRange(single, TimeSpan.FromMilliseconds(390), Clients.Patience);
        Assert.InRange(always, TimeSpan.FromMilliseconds(290), Clients.Patience);
    }

    [Fact]
    public async Task A_topic_error_hides_the_topic_until_it_is_taken_back()
    {
        await using var cluster = KafkaCluster.Start(new KafkaClusterOptions { Topics = { ["t"] = 1 } });
        using var admin = Clients.Admin(cluster.BootstrapServers);

        cluster.SetTopicError("t", ErrorCode.UnknownTopicOrPart);
        Assert.Equal(ErrorCode.UnknownTopicOrPart, admin.GetMetadata("t", Clients.Patience).Topics[0].Error.Code);
        cluster.SetTopicError("t", ErrorCode.NoError);

        Assert.False(admin.GetMetadata("t", Clients.Patience).Topics[0].Error.IsError);
    }

    private static void CommitUntilTaken(IConsumer<string, string> consumer, TopicPartitionOffset offset)
    {
        using var patience = new CancellationTokenSource(Clients.Patience);
        while (true)
        {
            try
            {
                consumer.Commit([offset]);
                return;
            }
            catch (KafkaException moved) when (moved.Error.Code == ErrorCode.NotCoordinatorForGroup)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<TimeSpan> Elapsed(Func<Task> action)
    {
        var start = TimeProvider.System.GetTimestamp();
        await action().WaitAsync(Clients.Patience);
        return TimeProvider.System.GetElapsedTime(start);
    }
}
