using MassTransit;
using Outbox.Inbox.Sequencing;
using Outbox.Messages;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Inbox;

/// <summary>Makes the inbox records of messages of one type.</summary>
internal sealed class InboxRecords<TMessage>(InboxEndpoint endpoint)
    where TMessage : class
{
    private readonly MessageRegistration? _registration = endpoint.Registry.TryGet(typeof(TMessage), out var found) ? found : null;

    public string Type => _registration?.Type ?? MessageTypeName.Of(typeof(TMessage));

    public InboxRecord Of(ConsumeContext<TMessage> context)
    {
        var correlationId = context.Headers.Get<string>(MessageHeaders.CorrelationId) ?? context.CorrelationId?.ToString();
        if (!context.TryGetPayload<MessageStamp>(out var stamp) && context.StampFromHeaders(_registration?.Ordering ?? default) is { } read)
        {
            stamp = context.AddOrUpdatePayload(() => read, _ => read);
        }

        if (stamp is not null)
        {
            return new InboxRecord(endpoint.Name, stamp.MessageId, Type, stamp.EntityId, stamp.Version, correlationId)
            {
                Sequence = stamp.Ordering == MessageOrdering.Sequence ? new Sequence(endpoint.Name, _registration!.Topic, stamp.EntityId) : null,
            };
        }

        return context.MessageId is { } messageId
            ? new InboxRecord(endpoint.Name, messageId.ToString(), Type, CorrelationId: correlationId)
            : throw new OutboxException(
                $"A {typeof(TMessage).Name} on endpoint '{endpoint.Name}' has no message id, so a duplicate of it could not be recognised. Its producer must set one.");
    }
}
