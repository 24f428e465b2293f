using System.Text;
using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>A message as MassTransit's transports hand it over. Its Kafka position is a payload: <c>TopicPartitionOffset</c>.</summary>
internal sealed class KafkaReceiveContext(ReceivedMessage message, bool redelivered, ReceiveEndpointContext endpoint)
    : BaseReceiveContext(redelivered, endpoint, message.Result.TopicPartitionOffset), IHeaderProvider
{
    public override CancellationToken CancellationToken => message.Partition.Abandoned;

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
