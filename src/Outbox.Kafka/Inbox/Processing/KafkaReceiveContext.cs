using System.Text;
using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>
/// A message as MassTransit's transports hand it over. Its Kafka position is a payload: <c>TopicPartitionOffset</c>. MassTransit sorts a batch by the sequence number.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="redelivered">Whether it was tried before.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="payloads">All that is known of the message: to add it at once costs a fraction of what it costs one by one.</param>
internal sealed class KafkaReceiveContext(ReceivedMessage message, bool redelivered, ReceiveEndpointContext endpoint, object[] payloads)
    : BaseReceiveContext(redelivered, endpoint, payloads), IHeaderProvider, ITransportSequenceNumber
{
    public ulong? SequenceNumber => (ulong)message.Result.Offset.Value;

    /// <summary>Ends the work, where it is for the messages of several partitions.</summary>
    public CancellationToken? Abandoned { get; init; }

    public override CancellationToken CancellationToken => Abandoned ?? message.Partition.Abandoned;

    public override MessageBody Body { get; } = new BytesMessageBody(message.Value ?? []);

    protected override IHeaderProvider HeaderProvider => this;

    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        foreach (var header in message.Headers)
        {
            if (header.GetValueBytes() is { } bytes)
            {
                yield return new KeyValuePair<string, object>(header.Key, Encoding.UTF8.GetString(bytes));
            }
        }
    }

    public bool TryGetHeader(string key, out object value)
    {
        var found = MessageDecoder.Header(message, key);
        value = found!;
        return found is not null;
    }
}
