using MassTransit;
using MassTransit.Context;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>Turns MassTransit's publish and send calls into messages of an outbox transaction.</summary>
internal sealed class MessageCapture(
    MessageRegistry registry, IEnumerable<EntityKey> keys, IEnumerable<BusDestination> destinations, IServiceProvider services, TimeProvider time)
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
        var options = Options(context, context.MessageId == ownId ? null : context.MessageId);
        await write(transaction => Write(transaction, registration, message, entity, options)).ConfigureAwait(false);
    }

    public bool Knows(Type messageType) => registry.TryGet(messageType, out _);

    /// <summary>
    /// Captures an answer. It is about no entity: each is one by itself, so that it waits for no other message and takes no version of one. It lives as long as somebody waits for it.
    /// </summary>
    public async Task CaptureReplyAsync<T>(T message, IPipe<SendContext<T>>? pipe, ConsumeContext request, IOutboxTransaction transaction)
        where T : class
    {
        var registration = registry.Get(typeof(T));
        var context = new MessageSendContext<T>(message, request.CancellationToken) { RequestId = request.RequestId };
        var ownId = context.MessageId;
        if (pipe.IsNotEmpty())
        {
            await pipe!.Send(context).ConfigureAwait(false);
        }

        var options = Options(context, context.MessageId == ownId ? null : context.MessageId);
        options = options with
        {
            ReplyTo = request.ResponseAddress,
            ExpiresAt = options.ExpiresAt ?? (request.ExpirationTime is { } expires ? new DateTimeOffset(DateTime.SpecifyKind(expires, DateTimeKind.Utc)) : null),
        };
        Write(transaction, registration, message, new EntityReference($"reply/{request.RequestId ?? ownId}", 1), options);
    }

    private static void Write<T>(IOutboxTransaction transaction, MessageRegistration registration, T message, EntityReference entity, MessageOptions options)
        where T : class
    {
        if (registration.Intent == MessageIntent.Command)
        {
            transaction.Send(message, entity.EntityId, entity.Version, options);
        }
        else
        {
            transaction.Publish(message, entity.EntityId, entity.Version, options);
        }
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
            if (destination is not null && destination != registered && !IsPublishAddress(registration.ClrType, destination))
            {
                throw new OutboxException($"A '{registration.Type}' message cannot be sent to {destination}: it is registered for {registered}. Use that address.");
            }
        }
        else if (destination is not null && !IsPublishAddress(registration.ClrType, destination) && (destination.Scheme != "topic" || Uri.UnescapeDataString(destination.AbsolutePath) != registration.Topic))
        {
            throw new OutboxException(
                $"A '{registration.Type}' message cannot be sent to {destination} in a transaction: the outbox delivers it to the topic that it is registered "
                + $"on. Use the address topic:{registration.Topic}, or send it outside of the transaction through IBus.");
        }
    }

    /// <summary>A message scheduler publishes by sending to where the bus would publish the type.</summary>
    private bool IsPublishAddress(Type type, Uri destination) =>
        services.GetService<IBus>() is { } bus && bus.Topology.TryGetPublishAddress(type, out var address) && address == destination;

    private MessageOptions Options(SendContext context, Guid? messageId)
    {
        DateTimeOffset? notBefore = context.Delay > TimeSpan.Zero ? time.GetUtcNow() + context.Delay : null;
        return new MessageOptions
        {
            MessageId = messageId?.ToString(),
            CorrelationId = (context.ConversationId ?? context.CorrelationId)?.ToString(),
            CausationId = context.InitiatorId?.ToString(),
            Headers = BusHeaders.Write(context),
            NotBefore = notBefore,
            ExpiresAt = context.TimeToLive is { } timeToLive ? (notBefore ?? time.GetUtcNow()) + timeToLive : null,
        };
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
