using Confluent.Kafka;
using Outbox.Integration.Tests.Servers;

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
}
