using MassTransit;
using MassTransit.Metadata;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>What MassTransit knows of a request or an answer beside its content.</summary>
internal sealed class WireContext(WireHeaders headers, ReceiveContext receiveContext, Guid requestId) : MessageContext
{
    public Guid? MessageId => Id(MessageHeaders.MessageId) ?? requestId;

    public Guid? RequestId => requestId;

    public Guid? CorrelationId => Id(MessageHeaders.CorrelationId);

    public Guid? ConversationId => CorrelationId;

    public Guid? InitiatorId => null;

    public DateTime? ExpirationTime => Deadline?.UtcDateTime;

    public Uri? SourceAddress => null;

    public Uri? DestinationAddress => receiveContext.InputAddress;

    public Uri? ResponseAddress => ReplyTo?.Uri;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => null;

    public MassTransit.Headers Headers => receiveContext.TransportHeaders;

    public HostInfo Host => HostMetadataCache.Empty;

    /// <summary>Where a request's answer goes.</summary>
    public ReplyAddress? ReplyTo { get; init; }

    /// <summary>When nobody waits for it any more.</summary>
    public DateTimeOffset? Deadline { get; init; }

    private Guid? Id(string name) => Guid.TryParse(headers.Hint(name), out var id) ? id : null;
}
