using Confluent.Kafka;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>A message on its way from the consumer to its end.</summary>
internal sealed record ReceivedMessage(ConsumeResult<byte[]?, byte[]?> Result, PartitionProgress Partition, OpenOffset Offset)
{
    /// <summary>It was parked, and is run because its turn has come or a person wants it: nothing holds it any more.</summary>
    public bool HasItsTurn { get; init; }

    public byte[]? Key => Result.Message.Key;

    public byte[]? Value => Result.Message.Value;

    public Headers Headers => Result.Message.Headers;
}
