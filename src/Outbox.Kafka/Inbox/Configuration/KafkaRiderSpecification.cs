using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Configuration;

/// <summary>Keeps the endpoints' callbacks until there is a bus to build them for.</summary>
internal sealed class KafkaRiderSpecification(IRiderRegistrationContext context) : IBusInstanceSpecification, IKafkaOutboxConfigurator
{
    private readonly List<TopicEndpointDefinition> _definitions = [];

    public void TopicEndpoint(string topic, string group, Action<ITopicEndpointConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        if (_definitions.Any(x => x.Topic == topic && x.Group == group))
        {
            throw new OutboxConfigurationException($"TopicEndpoint(\"{topic}\", \"{group}\", …) is called twice. Configure all its consumers in one call.");
        }

        _definitions.Add(new TopicEndpointDefinition(topic, group, configure));
    }

    public IEnumerable<ValidationResult> Validate() => [];

    public void Configure(IBusInstance busInstance)
    {
        var endpoints = new ReceiveEndpointCollection();
        var claims = new CommandClaims();
        foreach (var definition in _definitions)
        {
            var configuration = new TopicEndpointConfiguration(busInstance, definition);
            definition.Configure(configuration);
            endpoints.Add(definition.Name, configuration.Build(context, claims));
        }

        busInstance.Connect<IKafkaRider>(new KafkaRider(endpoints));
    }
}
