using MassTransit;
using MassTransit.Context;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture.Calls;

/// <summary>Turns MassTransit's publish and send calls into messages of an outbox transaction.</summary>
internal sealed class MessageCapture(
    MessageRegistry registry, IEnumerable<EntityKey> keys, IEnumerable<BusDestination> destinations, IServiceProvider services, TimeProvider time)
{
    private readonly Dictionary<Type, EntityKey> _keys = Index(keys);
    private readonly Dictionary<Type, Uri> _destinations = destinations.ToDictionary(x => x.MessageType, x => x.Address);

    /// <summary>The id of a new message: later ones are greater.</summary>
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    public bool Knows<T>(T message)
        where T : class => registry.TryGet(typeof(T), out _) || registry.TryGet(message.GetType(), out _);

    /// <exception cref="OutboxException">The message cannot be captured.</exception>
    public async Task CaptureAsync<T>(MessageSendContext<T> context, Uri? destination)
        where T : class
    {
        var call = context.TryGetPayload<CaptureCall>(out var found) ? found : throw new OutboxException($"A {typeof(T).Name} was sent to the outbox without a transaction.");
        var registration = registry.Resolve(typeof(T), context.Message, isExact: false);
        if (call.Request is null)
        {
            CheckDestination(registration, destination);
            var (entity, options) = (Entity(context), Options(context, call));
            await call.WriteAsync(transaction => Write(transaction, registration, context.Message, entity, options)).ConfigureAwait(false);
        }
        else
        {
            var answer = Answer(call.Request, Options(context, call));
            var entity = new EntityReference($"reply/{call.Request.RequestId ?? context.MessageId}", 1);
            await call.WriteAsync(transaction => Write(transaction, registration, context.Message, entity, answer)).ConfigureAwait(false);
        }
    }

    /// <summary>It is about no entity: each answer is one by itself, so that it waits for no other message and takes no version of one. It lives as long as somebody waits for it.</summary>
    private static MessageOptions Answer(ConsumeContext request, MessageOptions options) => options with
    {
        ReplyTo = request.ResponseAddress,
        ExpiresAt = options.ExpiresAt ?? (request.ExpirationTime is { } expires ? new DateTimeOffset(DateTime.SpecifyKind(expires, DateTimeKind.Utc)) : null),
    };

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

    private MessageOptions Options(SendContext context, CaptureCall call)
    {
        DateTimeOffset? notBefore = context.Delay > TimeSpan.Zero ? time.GetUtcNow() + context.Delay : null;
        var conversation = call.Conversation ?? call.Correlation;
        return new MessageOptions
        {
            MessageId = context.MessageId?.ToString(),
            CorrelationId = conversation?.ToString(),
            CausationId = call.Initiator?.ToString(),
            Headers = BusHeaders.Write(context),
            Carried = BusHeaders.WriteCarried(context, context.CorrelationId == conversation ? null : context.CorrelationId),
            IsFiltered = true,
            PublishOnReplay = context.HasPayloadType(typeof(EntitySendContextExtensions.OnReplay)),
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

        if (KeyOf(context.Message) is { } key)
        {
            return key.Read(context.Message);
        }

        return context.Message is CorrelatedBy<Guid> correlated
            ? new EntityReference(correlated.CorrelationId.ToString(), null)
            : throw new OutboxException(
                $"The outbox does not know which entity a {typeof(T).Name} is about. Say it once, o.EntityOf<{typeof(T).Name}>(m => m.…), "
                + "or on this call, Publish(message, x => x.SetEntity(id, version)).");
    }

    /// <summary>Of its own type, or else of the nearest base, or of an interface.</summary>
    private EntityKey? KeyOf(object message)
    {
        for (var type = message.GetType(); type is not null; type = type.BaseType)
        {
            if (_keys.TryGetValue(type, out var key))
            {
                return key;
            }
        }

        return _keys.Values.FirstOrDefault(key => key.MessageType.IsInstanceOfType(message));
    }
}
