using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>A message on its way from the consumer to its end.</summary>
internal sealed record ReceivedMessage(ConsumeResult<byte[]?, byte[]?> Result, PartitionProgress Partition, OpenOffset Offset)
{
    public byte[]? Key => Result.Message.Key;

    public byte[]? Value => Result.Message.Value;

    public Headers Headers => Result.Message.Headers;
}
