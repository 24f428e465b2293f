using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Remembers which message types an endpoint's consumers are connected for.</summary>
internal sealed class HandledTypes(IReceiveEndpointConfiguration configuration) : ReceiveEndpointBuilder(configuration), IHandledTypes
{
    // A service that answers for several topics is asked on one for each, with the same types of commands.
    private static readonly Type[] AskedOfOwners = [typeof(RepublishVersions), typeof(ReplayHistory), typeof(CancelHistoryReplay)];

    private readonly HashSet<Type> _connected = [];
    private readonly ConcurrentDictionary<Type, bool> _handled = new();
    private Dictionary<string, string> _entityTypes = [];

    /// <inheritdoc/>
    public bool InSequence { get; private set; }

    /// <summary>How many consumers, handlers and sagas were connected, once for each message type.</summary>
    public int Connections { get; private set; }

    /// <inheritdoc/>
    public string EntityTypeOf(string topic) => _entityTypes.GetValueOrDefault(topic, "");

    public override ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
    {
        Connections++;
        _connected.Add(typeof(T));
        return base.ConnectConsumePipe(pipe, options);
    }

    /// <inheritdoc/>
    public bool Contains(Type messageType) => _handled.GetOrAdd(messageType, type => _connected.Any(x => x.IsAssignableFrom(type)));

    /// <summary>The types of its topics that the endpoint handles.</summary>
    public List<MessageRegistration> Of(MessageRegistry registry, TopicSelector topics) =>
        [.. registry.All.Where(x => topics.Reads(x.Topic) && (Contains(x.ClrType) || Contains(Tombstones.Of(x.ClrType))))];

    /// <summary>Finds consumers that could never be called.</summary>
    public void Check(IServiceProvider services, TopicEndpointDefinition definition, CommandClaims claims)
    {
        var registry = services.GetRequiredService<MessageRegistry>();
        foreach (var invalid in registry.All.Where(x => !MessageTypeCache.IsValidMessageType(x.ClrType)))
        {
            throw new OutboxConfigurationException(
                $"MassTransit cannot consume {invalid.ClrType.FullName}: {MessageTypeCache.InvalidMessageTypeReason(invalid.ClrType)}");
        }

        if (_connected.Count == 0)
        {
            throw new OutboxConfigurationException(
                $"TopicEndpoint(\"{definition.Topic}\", \"{definition.Group}\", …) has no consumer. Call e.ConfigureConsumer<T>(context).");
        }

        CheckSequence(registry, definition);
        foreach (var type in _connected.Except(AskedOfOwners))
        {
            claims.Claim(type, definition, registry);
            if (!registry.All.Any(x => definition.Topics.Reads(x.Topic) && (type.IsAssignableFrom(x.ClrType) || type == Tombstones.Of(x.ClrType))))
            {
                throw new OutboxConfigurationException(
                    $"A consumer on TopicEndpoint(\"{definition.Topic}\", \"{definition.Group}\", …) handles {type.Name}, which is not registered for this topic, "
                    + $"so no message would ever reach it. Add o.Topic(\"{(definition.Topics.IsPattern ? "a topic that matches" : definition.Topic)}\", t => t.Message<{type.Name}>()).");
            }
        }
    }

    /// <summary>All types of an entity count the same versions: one that did not wait for its turn would leave a gap that nothing fills.</summary>
    private void CheckSequence(MessageRegistry registry, TopicEndpointDefinition definition)
    {
        var handled = Of(registry, definition.Topics);
        _entityTypes = registry.All.Where(x => definition.Topics.Reads(x.Topic)).GroupBy(x => x.Topic).Where(x => x.DistinctBy(y => y.EntityType).Count() == 1).ToDictionary(x => x.Key, x => x.First().EntityType);
        InSequence = handled.Any(x => x.Ordering == MessageOrdering.Sequence);
        if (InSequence && handled.Find(x => x.Ordering != MessageOrdering.Sequence) is { } other)
        {
            throw new OutboxConfigurationException(
                $"TopicEndpoint(\"{definition.Topic}\", \"{definition.Group}\", …) handles types in sequence, and {other.ClrType.Name}, which is ordered by {other.Ordering}. "
                + "They count the same versions, so set it for the topic: t.Ordering = MessageOrdering.Sequence.");
        }
    }
}
