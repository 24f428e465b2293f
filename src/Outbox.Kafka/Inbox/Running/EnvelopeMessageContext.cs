using MassTransit;
using MassTransit.Metadata;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>The ids that MassTransit knows, as far as ours are of its kind (<see cref="Guid"/>); <c>context.Stamp()</c> has them as they are.</summary>
internal sealed class EnvelopeMessageContext(Envelope envelope, ReceiveContext receiveContext) : MessageContext
{
    public Guid? MessageId => Id(envelope.MessageId);

    public Guid? RequestId => null;

    public Guid? CorrelationId => Id(envelope.CorrelationId);

    public Guid? ConversationId => CorrelationId;

    public Guid? InitiatorId => Id(envelope.CausationId);

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri? DestinationAddress => receiveContext.InputAddress;

    public Uri? ResponseAddress => null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => envelope.Timestamp == default ? null : envelope.Timestamp.UtcDateTime;

    public Headers Headers => receiveContext.TransportHeaders;

    public HostInfo Host => HostMetadataCache.Empty;

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
