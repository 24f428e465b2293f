using MassTransit;
using MassTransit.Context;
using Outbox.Delivery;
using Outbox.Messages;

namespace Outbox.Capture;

/// <summary>Turns MassTransit's publish and send calls into messages of an outbox transaction.</summary>
internal sealed class MessageCapture(MessageRegistry registry, IEnumerable<EntityKey> keys, IEnumerable<BusDestination> destinations)
{
    private readonly Dictionary<Type, EntityKey> _keys = Index(keys);
    private readonly Dictionary<Type, Uri> _destinations = destinations.ToDictionary(x => x.MessageType, x => x.Address);

    public async Task CaptureAsync<T>(
        T message, IPipe<SendContext<T>>? pipe, Uri? destination, Func<Action<IOutboxTransaction>, Task> write, CancellationToken cancellationToken)
        where T : class
    {
        var registration = registry.Get(typeof(T));
        CheckDestination(registration, destination);
        var context = new MessageSendContext<T>(message, cancellationToken);
        var ownId = context.MessageId;
        if (pipe.IsNotEmpty())
        {
            await pipe!.Send(context).ConfigureAwait(false);
        }

        var entity = Entity(context);
        var options = new MessageOptions
        {
            MessageId = context.MessageId == ownId ? null : context.MessageId?.ToString(),
            CorrelationId = (context.ConversationId ?? context.CorrelationId)?.ToString(),
            CausationId = context.InitiatorId?.ToString(),
            Headers = TextHeaders(context.Headers),
        };
        await write(transaction =>
        {
            if (registration.Intent == MessageIntent.Command)
            {
                transaction.Send(message, entity.EntityId, entity.Version, options);
            }
            else
            {
                transaction.Publish(message, entity.EntityId, entity.Version, options);
            }
        }).ConfigureAwait(false);
    }

    private static Dictionary<Type, EntityKey> Index(IEnumerable<EntityKey> keys)
    {
        var byType = new Dictionary<Type, EntityKey>();
        foreach (var key in keys)
        {
            if (!byType.TryAdd(key.MessageType, key))
            {
                throw new OutboxConfigurationException($"o.EntityOf<{key.MessageType.Name}> is called twice. Keep one.");
            }
        }

        return byType;
    }

    private void CheckDestination(MessageRegistration registration, Uri? destination)
    {
        if (_destinations.TryGetValue(registration.ClrType, out var registered))
        {
            if (destination is not null && destination != registered)
            {
                throw new OutboxException($"A '{registration.Type}' message cannot be sent to {destination}: it is registered for {registered}. Use that address.");
            }
        }
        else if (destination is not null && (destination.Scheme != "topic" || Uri.UnescapeDataString(destination.AbsolutePath) != registration.Topic))
        {
            throw new OutboxException(
                $"A '{registration.Type}' message cannot be sent to {destination} in a transaction: the outbox delivers it to the topic that it is registered "
                + $"on. Use the address topic:{registration.Topic}, or send it outside of the transaction through IBus.");
        }
    }

    private static Dictionary<string, string>? TextHeaders(Headers headers)
    {
        Dictionary<string, string>? text = null;
        foreach (var (name, value) in headers.GetAll())
        {
            if (value?.ToString() is { } given)
            {
                (text ??= [])[name] = given;
            }
        }

        return text;
    }

    private EntityReference Entity<T>(MessageSendContext<T> context)
        where T : class
    {
        if (context.TryGetPayload<EntityReference>(out var entity))
        {
            return entity;
        }

        if (_keys.TryGetValue(typeof(T), out var key))
        {
            return key.Read(context.Message);
        }

        return context.Message is CorrelatedBy<Guid> correlated
            ? new EntityReference(correlated.CorrelationId.ToString(), null)
            : throw new OutboxException(
                $"The outbox does not know which entity a {typeof(T).Name} is about. Say it once, o.EntityOf<{typeof(T).Name}>(m => m.…), "
                + "or on this call, Publish(message, x => x.SetEntity(id, version)).");
    }
}
