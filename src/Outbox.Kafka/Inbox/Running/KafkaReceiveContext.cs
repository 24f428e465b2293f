using MassTransit;
using MassTransit.Transports;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>
/// A message as MassTransit's transports hand it over. Its Kafka position is a payload: <c>TopicPartitionOffset</c>. MassTransit sorts a batch by the sequence number.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="payloads">All that is known of the message, and <see langword="null"/> for what is not.</param>
internal sealed class KafkaReceiveContext(Passage message, ReceiveEndpointContext endpoint, object?[] payloads)
    : EndpointReceiveContext(endpoint, message.Record.Value, message.Record.Headers, payloads), ITransportSequenceNumber
{
    public const string RedeliveryCount = "MT-Redelivery-Count";

    private RedeliveryEndpoints? _sending;

    public ulong? SequenceNumber => (ulong)message.Record.Position.Offset;

    /// <summary>Ends the work, where it is for the messages of several partitions.</summary>
    public CancellationToken? Abandoned { get; init; }

    public override CancellationToken CancellationToken => Abandoned ?? message.Lifetime.Abandoned;

    public override bool Redelivered { get; } = message.IsRedelivered;

    public override ISendEndpointProvider SendEndpointProvider => _sending ??= new RedeliveryEndpoints(base.SendEndpointProvider, this);

    /// <summary>Set when it is to be delivered again.</summary>
    public Redelivery? Redelivery { get; set; }
}
