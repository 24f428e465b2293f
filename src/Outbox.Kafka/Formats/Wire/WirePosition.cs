using Confluent.Kafka;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>Where a record is on Kafka.</summary>
internal readonly record struct WirePosition(string Topic, int Partition, long Offset)
{
    /// <summary>As Confluent's users know it: consumers find it among their context's payloads.</summary>
    public TopicPartitionOffset AsPayload() => new(Topic, Partition, Offset);

    public override string ToString() => $"{Topic} [[{Partition}]] @{Offset}";
}
