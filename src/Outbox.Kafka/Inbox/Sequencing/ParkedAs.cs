using Confluent.Kafka;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Sequencing;

/// <summary>Makes of a parked message what it was.</summary>
internal static class ParkedAs
{
    public static Sequence SequenceOf(ParkedMessage parked) => new(parked.Endpoint, parked.Topic, parked.EntityId ?? "");

    public static ReceivedMessage Received(ParkedMessage parked, PartitionProgress partition)
    {
        var headers = new Headers();
        foreach (var (name, value) in parked.Headers)
        {
            headers.Add(name, value);
        }

        var result = new ConsumeResult<byte[]?, byte[]?>
        {
            Topic = parked.Topic,
            Partition = parked.Partition,
            Offset = parked.Offset,
            Message = new Message<byte[]?, byte[]?>
            {
                Key = parked.Key,
                Value = parked.Value,
                Headers = headers,
                Timestamp = parked.Timestamp is { } time ? new Timestamp(time) : default,
            },
        };
        return new ReceivedMessage(result, partition, new OpenOffset(parked.Offset)) { HasItsTurn = true };
    }
}
