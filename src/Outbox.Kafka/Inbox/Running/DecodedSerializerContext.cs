using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Serialization;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>Hands out the decoded object as every type that it is.</summary>
internal sealed class DecodedSerializerContext(MessageContext context, object content)
    : SystemTextJsonSerializerContext(
        SystemTextJsonMessageSerializer.Instance,
        SystemTextJsonMessageSerializer.Options,
        SystemTextJsonMessageSerializer.JsonContentType,
        context,
        MessageTypeCache.GetMessageTypeNames(content.GetType()),
        message: content)
{
    public override bool IsSupportedMessageType<T>() => Message is T;

    public override bool IsSupportedMessageType(Type messageType) => messageType.IsInstanceOfType(Message);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = Message as T;
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = messageType.IsInstanceOfType(Message) ? Message : null;
        return message is not null;
    }
}
