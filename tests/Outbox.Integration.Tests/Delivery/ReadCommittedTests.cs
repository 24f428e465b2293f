using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Delivery.Kafka;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka;

namespace Outbox.Integration.Tests.Delivery;

/// <summary>What <c>Fencing.KafkaTransactions</c> takes from the brokers.</summary>
public sealed class ReadCommittedTests
{
    [Fact]
    public async Task What_an_aborted_transaction_had_sent_is_hidden_from_read_committed()
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker shows what an aborted transaction had sent; set OUTBOX_TEST_KAFKA to a real one.");
        var topic = await kafka.CreateTopicAsync("transactions", partitions: 1);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = topic }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));

        producer.BeginTransaction();
        producer.Produce(topic, new Message<string, string> { Key = "k", Value = "aborted" });
        producer.Flush(TimeSpan.FromSeconds(30));
        producer.AbortTransaction();
        producer.BeginTransaction();
        producer.Produce(topic, new Message<string, string> { Key = "k", Value = "committed" });
        producer.CommitTransaction();

        Assert.Equal("committed", System.Text.Encoding.UTF8.GetString(Assert.Single(KafkaLog.Read(kafka.BootstrapServers, topic)).Message.Value!));
    }

    [Fact]
    public async Task What_a_relay_that_is_stopped_had_not_committed_is_aborted_at_once_and_holds_up_nobody()
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker shows what no transaction has committed; set OUTBOX_TEST_KAFKA to a real one.");
        var topic = await kafka.CreateTopicAsync("stopped", partitions: 1);
        // Kafka itself would end its transaction after five minutes.
        await using var publisher = new TestPublisher(
            new KafkaOptions { BootstrapServers = kafka.BootstrapServers, Fencing = Fencing.KafkaTransactions, TransactionalIdPrefix = topic },
            new OutboxOptions { LeaseDuration = TimeSpan.FromMinutes(10) });
        using var open = new OpenBatch(publisher);
        var publishing = open.PublishAsync(Batch.Message("o1", 1, topic), Batch.Message("o2", 1, topic));
        await OpenBatch.SentAsync(kafka.BootstrapServers, topic);
        using var other = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await other.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = "behind" });

        await publisher.DisposeAsync();

        Assert.Equal("behind", FirstCommitted(kafka, topic));
        open.GoOn();
        Assert.DoesNotContain(await publishing, result => result.Status == PublishStatus.Published);
    }

    [Fact]
    public async Task A_relay_that_takes_a_lane_ends_what_its_last_owner_left_open_though_it_has_nothing_to_publish()
    {
        var kafka = await KafkaServer.GetAsync();
        Assert.SkipWhen(kafka.Embedded is not null, "The mock broker shows what no transaction has committed; set OUTBOX_TEST_KAFKA to a real one.");
        var topic = await kafka.CreateTopicAsync("taken", partitions: 1);
        // As a relay that was killed leaves it; Kafka itself would end it after ten minutes.
        using var killed = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = $"{topic}.0", TransactionTimeoutMs = 600_000 }).Build();
        killed.InitTransactions(TimeSpan.FromSeconds(30));
        killed.BeginTransaction();
        killed.Produce(topic, new Message<string, string> { Key = "k", Value = "open" });
        killed.Flush(TimeSpan.FromSeconds(30));
        using var other = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await other.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = "behind" });

        await using var publisher = new TestPublisher(
            new KafkaOptions { BootstrapServers = kafka.BootstrapServers, Fencing = Fencing.KafkaTransactions, TransactionalIdPrefix = topic }, new OutboxOptions());
        await publisher.Senders.TakeOverAsync(new HashSet<int> { 0 }, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("behind", FirstCommitted(kafka, topic));
    }

    private static string? FirstCommitted(KafkaServer kafka, string topic)
    {
        using var reader = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = topic,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).Build();
        reader.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        return reader.Consume(TimeSpan.FromSeconds(60))?.Message.Value;
    }
}
