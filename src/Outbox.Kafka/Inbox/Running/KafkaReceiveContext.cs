using System.Diagnostics;
using System.Text;
using MassTransit;
using MassTransit.Transports;
using Outbox.Diagnostics;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>
/// A message as MassTransit's transports hand it over. Its Kafka position is a payload: <c>TopicPartitionOffset</c>. MassTransit sorts a batch by the sequence number.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="payloads">All that is known of the message.</param>
internal sealed class KafkaReceiveContext(Passage message, ReceiveEndpointContext endpoint, object?[] payloads)
    : EndpointReceiveContext(endpoint, message.IsRedelivered, payloads), IHeaderProvider, ITransportSequenceNumber
{
    public const string RedeliveryCount = "MT-Redelivery-Count";

    private const string ActivityId = "MT-Activity-Id";

    private MessageBody? _body;

    public ulong? SequenceNumber => (ulong)message.Record.Position.Offset;

    /// <summary>Ends the work, where it is for the messages of several partitions.</summary>
    public CancellationToken? Abandoned { get; init; }

    public override CancellationToken CancellationToken => Abandoned ?? message.Lifetime.Abandoned;

    public override MessageBody Body => _body ??= new BytesMessageBody(message.Record.Value ?? []);

    /// <summary>Set when it is to be delivered again.</summary>
    public Redelivery? Redelivery { get; set; }

    protected override IHeaderProvider HeaderProvider => this;

    protected override ISendEndpointProvider SendingWith(ISendEndpointProvider endpoints) => new RedeliveryEndpoints(endpoints, this);

    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        // The first of a name, as MassTransit's own rider does it.
        foreach (var (name, bytes) in message.Record.Headers.All().DistinctBy(header => header.Key))
        {
            if (bytes is not null)
            {
                yield return new KeyValuePair<string, object>(name, Encoding.UTF8.GetString(bytes));
            }
        }
    }

    public bool TryGetHeader(string key, out object value)
    {
        // MassTransit's span would be a second child of the message's creation; it is part of ours.
        if (key == ActivityId && Activity.Current is { } current && current.Source == OutboxTelemetry.Activities)
        {
            value = current.Id!;
            return true;
        }

        var found = message.Record.Headers.AsMassTransitReads.Text(key);
        value = found!;
        return found is not null;
    }
}
