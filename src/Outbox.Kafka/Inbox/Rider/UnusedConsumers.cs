using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>
/// Finds consumers and sagas that no message reaches: registered and on no endpoint, or, because of <c>ConfigureEndpoints</c>, on one of the in-memory bus while their messages come on a topic.
/// </summary>
internal sealed class UnusedConsumers(IRiderRegistrationContext rider) : IConsumerConfigurationObserver, ISagaConfigurationObserver
{
    private readonly HashSet<Type> _onTopics = [];

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class => _onTopics.Add(typeof(TConsumer));

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
    }

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => _onTopics.Add(typeof(TSaga));

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class
    {
    }

    /// <summary>Called when all endpoints are configured.</summary>
    public void Report(IBusInstance bus)
    {
        var onBus = new HashSet<string>(StringComparer.Ordinal);
        if (bus.BusControl is IProbeSite site)
        {
            site.Probe(new ConsumerProbe(onBus));
        }

        var logger = rider.GetRequiredService<ILoggerFactory>().CreateLogger("Outbox.Inbox");
        foreach (var type in Registered().Where(type => !_onTopics.Contains(type)).Distinct())
        {
            if (!onBus.Contains(TypeMetadataCache.GetShortName(type)))
            {
                logger.OnNoEndpoint(type.Name);
            }
            else if (bus.HostConfiguration.HostAddress.Scheme == "loopback" && TopicOf(type) is { } topic)
            {
                logger.OnlyOnTheBus(type.Name, topic);
            }
        }
    }

    private IEnumerable<Type> Registered() =>
    [
        .. rider.GetRegistrations<IConsumerRegistration>().Select(x => x.Type), .. rider.GetServices<IConsumerRegistration>().Select(x => x.Type),
        .. rider.GetRegistrations<ISagaRegistration>().Select(x => x.Type), .. rider.GetServices<ISagaRegistration>().Select(x => x.Type),
    ];

    /// <summary>The topic that a consumer's messages come on.</summary>
    private string? TopicOf(Type consumer)
    {
        var consumed = consumer.GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(type => type.GetGenericArguments()[0])
            .Select(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Batch<>) ? type.GetGenericArguments()[0] : type)
            .ToList();
        return rider.GetRequiredService<MessageRegistry>().All
            .FirstOrDefault(message => !BusTopics.Contains(message.Topic) && consumed.Exists(type => type.IsAssignableFrom(message.ClrType)))?.Topic;
    }

    /// <summary>The names of the consumers and sagas in a description of a bus.</summary>
    private sealed class ConsumerProbe(HashSet<string> found) : ProbeContext
    {
        public CancellationToken CancellationToken => CancellationToken.None;

        public void Add(string key, string value)
        {
            if (key is "type" or "sagaType" or "instanceType")
            {
                found.Add(value);
            }
        }

        public void Add(string key, object value)
        {
        }

        public void Set(object values)
        {
            foreach (var property in values.GetType().GetProperties().Where(property => property.PropertyType == typeof(string)))
            {
                found.Add((string?)property.GetValue(values) ?? "");
            }
        }

        public void Set(IEnumerable<KeyValuePair<string, object>> values)
        {
        }

        public ProbeContext CreateScope(string key) => this;
    }
}
