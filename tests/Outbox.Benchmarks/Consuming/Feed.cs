using Confluent.Kafka;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Benchmarks.Consuming;

public sealed record OrderChanged(string OrderId, string Note);

/// A topic full of messages of 200 to 400 bytes over 1,000 keys, each key's versions in ascending order.
internal static class Feed
{
    private const int Keys = 1_000;

    public static void Fill(string servers, string topic, int count)
    {
        using var producer = new ProducerBuilder<string, byte[]?>(new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = true,
            LingerMs = 5,
            Partitioner = Partitioner.Murmur2Random,
            QueueBufferingMaxMessages = count + 1,
        }).Build();
        var random = new Random(20260101);

        // Of today: a broker's retention goes by the records' times, and deletes what is older.
        var now = DateTimeOffset.UtcNow;
        Error? failed = null;
        for (var n = 0; n < count; n++)
        {
            producer.Produce(topic, WireFormats.Write(Message(n, topic, random, now.AddMilliseconds(n - count))), report => failed = report.Error.IsError ? report.Error : failed);
        }

        producer.Flush();
        if (failed is not null)
        {
            throw new KafkaException(failed);
        }
    }

    private static OutboxMessage Message(int n, string topic, Random random, DateTimeOffset at)
    {
        var entity = $"order-{n % Keys:0000}";
        return new OutboxMessage
        {
            MessageId = Guid.CreateVersion7().ToString(),
            Lane = 0,
            Topic = topic,
            EntityType = "order",
            EntityId = entity,
            Version = (n / Keys) + 1,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = "order-changed",
            Payload = $$"""{"orderId":"{{entity}}","note":"{{new string('x', random.Next(150, 350))}}"}""",
            Timestamp = at,
        };
    }
}
