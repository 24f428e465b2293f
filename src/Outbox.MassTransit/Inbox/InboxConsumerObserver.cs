using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;

namespace Outbox.Inbox;

/// <summary>Puts the inbox around each consumer of an endpoint, outside of the consumer's factory, so that a retried transaction gets a new consumer.</summary>
internal sealed class InboxConsumerObserver(InboxEndpoint endpoint) : IConsumerConfigurationObserver
{
    private readonly Dictionary<Type, string> _consumers = [];

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
        var consumer = TypeMetadataCache<TConsumer>.ShortName;
        if (typeof(TMessage).IsGenericType && typeof(TMessage).GetGenericTypeDefinition() == typeof(Batch<>))
        {
            throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes batches, which the inbox does not run. Consume the messages one by one.");
        }

        if (!_consumers.TryAdd(typeof(TMessage), consumer))
        {
            throw new OutboxConfigurationException(
                $"Endpoint '{endpoint.Name}' has two consumers of {typeof(TMessage).Name}, {_consumers[typeof(TMessage)]} and {consumer}. "
                + "The inbox processes a message once for each endpoint: give one of them an endpoint of its own.");
        }

        ((IConsumerMessageConfigurator<TMessage>)configurator).AddPipeSpecification(
            new FilterPipeSpecification<ConsumeContext<TMessage>>(new InboxFilter<TMessage>(endpoint, consumer)));
    }
}
