using MassTransit;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;
using Headers = Outbox.Messages.MessageHeaders;

namespace Outbox.Inbox.Own;

/// <summary>
/// Messages that a consumer sends or schedules to the endpoint that it is on: saga timeouts, reminders, and the consumed message once more. They are part of its transaction. On Kafka
/// they travel on the topic of their type, with a header by which other endpoints leave them alone; on MassTransit's bus they are sent to the endpoint's address.
/// </summary>
internal sealed class OwnMessages(MessageRegistry registry, TimeProvider time, IOutboxTransaction transaction, ConsumeContext consumed)
{
    private const string RedeliveryCount = "MT-Redelivery-Count";

    public Uri? Address => consumed.ReceiveContext.InputAddress;

    /// <exception cref="OutboxException">It would never come back.</exception>
    public void Write<T>(SendContext<T> context, Guid? messageId)
        where T : class
    {
        var registration = registry.Get(typeof(T));
        var isCopy = context.Headers.TryGetHeader(RedeliveryCount, out _);
        DateTimeOffset? due = context.Delay > TimeSpan.Zero ? time.GetUtcNow() + context.Delay : null;
        if (due is not null && registration.Ordering == MessageOrdering.Sequence)
        {
            throw new OutboxException(
                $"'{registration.Type}' is in sequence, and a message that is delayed would hold up all versions of its entity behind it. Schedule one of a type that is not in sequence.");
        }

        var conversation = context.ConversationId ?? context.CorrelationId;
        var (entity, partitionKey) = EntityOf(context, registration, isCopy);
        var options = Addressed(registration, new MessageOptions
        {
            // A copy with the consumed message's id would be its duplicate.
            MessageId = isCopy ? null : messageId?.ToString(),
            CorrelationId = conversation?.ToString(),
            Headers = HeadersOf(context),
            Carried = BusHeaders.WriteCarried(context, context.CorrelationId == conversation ? null : context.CorrelationId),
            PartitionKey = partitionKey,
            NotBefore = due,
            ExpiresAt = context.TimeToLive is { } timeToLive ? (due ?? time.GetUtcNow()) + timeToLive : null,
        });
        if (registration.Intent == MessageIntent.Command)
        {
            transaction.Send(context.Message, entity.EntityId, entity.Version, options);
        }
        else
        {
            transaction.Publish(context.Message, entity.EntityId, entity.Version, options);
        }
    }

    private MessageOptions Addressed(MessageRegistration registration, MessageOptions options)
    {
        if (!consumed.TryGetPayload<OwnEndpoint>(out var own))
        {
            return options with { ReplyTo = Address };
        }

        return own.Consumes(registration.Topic)
            ? options with { Carried = new Dictionary<string, string>(options.Carried!) { [Headers.Endpoint] = own.Name } }
            : throw new OutboxException(
                $"A '{registration.Type}' message cannot come back to endpoint '{own.Name}', which does not consume topic '{registration.Topic}'. Register it on a topic that it "
                + "consumes: o.Topic(…, t => t.Message<" + $"{registration.ClrType.Name}>()).");
    }

    /// <summary>
    /// A copy is about what the consumed message is about. Anything else is about no entity, unless the call says it: it takes no version of one, and comes in the order of the consumed message's key.
    /// </summary>
    private (EntityReference Entity, string? PartitionKey) EntityOf(SendContext context, MessageRegistration registration, bool isCopy)
    {
        if (context.TryGetPayload<EntityReference>(out var said))
        {
            return (said, null);
        }

        consumed.TryGetPayload<MessageStamp>(out var stamp);
        if (isCopy && stamp is not null)
        {
            return (new EntityReference(stamp.EntityId, stamp.Version > 0 && registration.Versions != VersionSource.Counted ? stamp.Version : null), null);
        }

        return (new EntityReference($"own/{context.MessageId ?? NewId.NextGuid()}", registration.Versions == VersionSource.Counted ? null : 1), stamp?.EntityId);
    }

    /// <summary>A copy brings those of the consumed message along. Reserved ones among them say what that is itself, and are written anew.</summary>
    private static Dictionary<string, string> HeadersOf(SendContext context)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Headers.GetAll())
        {
            if (!ReservedHeaders.Contains(name) && ReservedHeaders.CanBeStored(name))
            {
                headers[name] = HeaderText.Of(name, value);
            }
        }

        return headers;
    }
}
