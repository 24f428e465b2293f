using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;
using Outbox.Inbox.Batches;
using Outbox.Versioning;

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
        Claim<TMessage>(consumer);
        ((IConsumerMessageConfigurator<TMessage>)configurator).AddPipeSpecification(
            new FilterPipeSpecification<ConsumeContext<TMessage>>(Filter<TMessage>(consumer)));
    }

    public InboxFilter<TMessage> ForSaga<TMessage>(string saga)
        where TMessage : class
    {
        Claim<TMessage>(saga);
        return endpoint.Transactional
            ? new InboxFilter<TMessage>(endpoint, saga)
            : throw new OutboxConfigurationException(
                $"{saga} on endpoint '{endpoint.Name}' is a saga, whose changes are not version-checked. Remove Inbox(x => x.Transactional = false).");
    }

    private void Claim<TMessage>(string consumer)
    {
        if (!_consumers.TryAdd(typeof(TMessage), consumer))
        {
            throw new OutboxConfigurationException(
                $"Endpoint '{endpoint.Name}' has two consumers of {typeof(TMessage).Name}, {_consumers[typeof(TMessage)]} and {consumer}. "
                + "The inbox processes a message once for each endpoint: give one of them an endpoint of its own.");
        }
    }

    private IFilter<ConsumeContext<TMessage>> Filter<TMessage>(string consumer)
        where TMessage : class
    {
        if (!typeof(TMessage).IsGenericType || typeof(TMessage).GetGenericTypeDefinition() != typeof(Batch<>))
        {
            return endpoint.Transactional ? new InboxFilter<TMessage>(endpoint, consumer) : Direct<TMessage>(consumer);
        }

        if (!endpoint.Transactional)
        {
            throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes batches, which are one transaction each, and the endpoint has Inbox(x => x.Transactional = false). Remove one of them.");
        }

        var type = typeof(TMessage).GetGenericArguments()[0];
        if (endpoint.Registry.TryGet(type, out var registration) && registration.Ordering == MessageOrdering.Sequence)
        {
            throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes batches of {type.Name}, which is in sequence: each message has its turn. Consume them one by one.");
        }

        return (IFilter<ConsumeContext<TMessage>>)Activator.CreateInstance(typeof(BatchInboxFilter<>).MakeGenericType(type), endpoint, consumer)!;
    }

    private DirectInboxFilter<TMessage> Direct<TMessage>(string consumer)
        where TMessage : class =>
        endpoint.Registry.TryGet(typeof(TMessage), out var registration) && registration.Ordering == MessageOrdering.Sequence
            ? throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes {typeof(TMessage).Name}, which is in sequence: a message and its turn are one transaction. Remove "
                + "Inbox(x => x.Transactional = false).")
            : new DirectInboxFilter<TMessage>(endpoint, consumer);
}
