using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Asking.Answering;
using Outbox.Kafka.Asking.Replies;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.History.Repair;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Keeps the endpoints' callbacks until there is a bus to build them for.</summary>
internal sealed class KafkaRiderSpecification(IRiderRegistrationContext context, UnusedConsumers unused) : IBusInstanceSpecification, IKafkaOutboxConfigurator
{
    private readonly List<TopicEndpointDefinition> _definitions = [];
    private readonly List<RequestEndpointDefinition> _requests = [];

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

    public void RequestEndpoint(string topic, string group, Action<IReceiveEndpointConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        TopicName.Check(topic);
        var definition = new RequestEndpointDefinition(topic, group, configure);
        if (_requests.Exists(x => x.Name == definition.Name) || _definitions.Exists(x => x.Group == group))
        {
            throw new OutboxConfigurationException($"{definition} has a group that another endpoint has. Give it one of its own, or configure all its consumers in one call.");
        }

        _requests.Add(definition);
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

        AddRequests(busInstance, endpoints);
        unused.Report(busInstance);
        busInstance.Connect<IKafkaRider>(new KafkaRider(endpoints));
    }

    private void AddRequests(IBusInstance busInstance, ReceiveEndpointCollection endpoints)
    {
        var topics = context.GetRequiredService<RequestTopics>();
        foreach (var definition in _requests)
        {
            var configuration = new RequestEndpointConfiguration(busInstance, definition);
            configuration.ConnectConsumerConfigurationObserver(unused);
            definition.Configure(configuration);
            endpoints.Add(definition.Name, configuration.Build(context));
            topics.Answers(definition.Topic);
        }

        if (topics.TakeReplies())
        {
            var name = $"kafka-replies/{topics.Replies}";
            endpoints.Add(name, new ReplyEndpoint(busInstance, name).Build(context));
        }
    }
}
