using MassTransit;
using MassTransit.Configuration;
using Outbox.Kafka.Asking.Wire;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Remembers which types of requests an endpoint's consumers are connected for.</summary>
internal sealed class RequestTypes(IReceiveEndpointConfiguration configuration, RequestEndpointDefinition definition) : ReceiveEndpointBuilder(configuration)
{
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);

    public string Names => string.Join(", ", _types.Keys.Select(name => $"'{name}'"));

    public override ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
    {
        var name = AskedTypes.NameOf(typeof(T));
        if (!_types.TryAdd(name, typeof(T)))
        {
            throw new OutboxConfigurationException(
                $"{definition} has two consumers of requests '{name}' ({_types[name].FullName}, {typeof(T).FullName}). A request has one answer: leave one out, or rename its type.");
        }

        return base.ConnectConsumePipe(pipe, options);
    }

    public Type? Find(string name) => _types.GetValueOrDefault(name);

    /// <exception cref="OutboxConfigurationException">Something else than requests would be consumed.</exception>
    public void Check(MessageRegistry registry)
    {
        if (_types.Count == 0)
        {
            throw new OutboxConfigurationException($"{definition} has no consumer. Call e.ConfigureConsumer<T>(context).");
        }

        if (registry.All.FirstOrDefault(message => message.Topic == definition.Topic) is { } other)
        {
            throw new OutboxConfigurationException($"{definition} is on a topic of the outbox, which carries '{other.Type}'. Give requests a topic of their own.");
        }

        foreach (var type in _types.Values)
        {
            if (registry.TryGet(type, out var message))
            {
                throw new OutboxConfigurationException(
                    $"{definition} handles {type.Name}, which is a message of the outbox (topic '{message.Topic}'). Consume it on a TopicEndpoint; what is asked is a type of its own.");
            }

            IntentRules.CheckAsked(type);
        }
    }
}
