using System.Diagnostics;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Running;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>An answer as it came.</summary>
internal sealed class Reply(ReceiveEndpointContext endpoint, Guid requestId, byte[]? value, WireHeaders headers)
{
    /// <summary>The name of its type.</summary>
    public string Type => headers.Hint(MessageHeaders.Type) ?? "";

    /// <summary>The span of whoever answered.</summary>
    public ActivityContext Span =>
        ActivityContext.TryParse(headers.Hint(MessageHeaders.TraceParent), headers.Hint(MessageHeaders.TraceState), isRemote: true, out var context) ? context : default;

    /// <exception cref="UnreadableMessageException">It is none of this type.</exception>
    public ConsumeContext As(Type type)
    {
        var received = new WireReceiveContext(value, headers, endpoint);
        return new BodyConsumeContext(received, new DecodedSerializerContext(new WireContext(headers, received, requestId), AskedTypes.Read(value, type)));
    }
}
