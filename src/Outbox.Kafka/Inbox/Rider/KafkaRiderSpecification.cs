using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.History.Repair;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Keeps the endpoints' callbacks until there is a bus to build them for.</summary>
internal sealed class KafkaRiderSpecification(IRiderRegistrationContext context, UnusedConsumers unused) : IBusInstanceSpecification, IKafkaOutboxConfigurator
{
    private readonly List<TopicEndpointDefinition> _definitions = [];

    public void TopicEndpoint(string topic, string group, Action<ITopicEndpointConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        var definition = new TopicEndpointDefinition(topic, group, configure);
        if (_definitions.Find(x => x.Group == group && x.Topics.Overlaps(definition.Topics)) is { } other)
        {
            throw new OutboxConfigurationException(other.Topic == topic
                ? $"TopicEndpoint(\"{topic}\", \"{group}\", …) is called twice. Configure all its consumers in one call."
                : $"TopicEndpoint(\"{other.Topic}\", \"{group}\", …) and TopicEndpoint(\"{topic}\", \"{group}\", …) share a topic: Kafka would give its partitions to either. Give "
                + "one of them another group, or configure all consumers in one call.");
        }

        _definitions.Add(definition);
    }

    public IEnumerable<ValidationResult> Validate() => [];

    public void Configure(IBusInstance busInstance)
    {
        context.GetRequiredService<RepairEndpoints>().AddTo(this, context);
        var endpoints = new ReceiveEndpointCollection();
        var claims = new CommandClaims();
        foreach (var definition in _definitions)
        {
            definition.SharesGroup = _definitions.Exists(other => other != definition && other.Group == definition.Group);
            var configuration = new TopicEndpointConfiguration(busInstance, definition);
            configuration.ConnectConsumerConfigurationObserver(unused);
            configuration.ConnectSagaConfigurationObserver(unused);
            definition.Configure(configuration);
            endpoints.Add(definition.Name, configuration.Build(context, claims));
        }

        unused.Report(busInstance);
        busInstance.Connect<IKafkaRider>(new KafkaRider(endpoints));
    }
}
