using MassTransit;
using Outbox.Inbox.Batches;

namespace Outbox.Inbox.Configuration;

/// <summary>Chooses the inbox filter of each consumer and saga of an endpoint, and refuses what cannot work.</summary>
internal sealed class InboxFilters(InboxEndpoint endpoint)
{
    public IFilter<ConsumeContext<TMessage>> ForConsumer<TMessage>(string consumer)
        where TMessage : class
    {
        var name = endpoint.Consumers.Add<TMessage>(consumer);
        if (EndpointConsumers.BatchedTypeOf(typeof(TMessage)) is { } type)
        {
            CheckBatch(consumer, type);
            return (IFilter<ConsumeContext<TMessage>>)Activator.CreateInstance(typeof(BatchInboxFilter<>).MakeGenericType(type), endpoint, consumer, name)!;
        }

        var records = new InboxRecords<TMessage>(endpoint, consumer, name);
        return endpoint.Transactional ? new InboxFilter<TMessage>(endpoint, records) : Direct(consumer, records);
    }

    public InboxFilter<TMessage> ForSaga<TMessage>(string saga)
        where TMessage : class
    {
        var name = endpoint.Consumers.Add<TMessage>(saga);
        return endpoint.Transactional
            ? new InboxFilter<TMessage>(endpoint, new InboxRecords<TMessage>(endpoint, saga, name))
            : throw new OutboxConfigurationException(
                $"{saga} on endpoint '{endpoint.Name}' is a saga, whose changes are not version-checked. Remove Inbox(x => x.Transactional = false).");
    }

    private void CheckBatch(string consumer, Type type)
    {
        if (!endpoint.Transactional)
        {
            throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes batches, which are one transaction each, and the endpoint has Inbox(x => x.Transactional = false). Remove one of them.");
        }

        if (endpoint.IsInSequence(type))
        {
            throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes batches of {type.Name}, which is in sequence: each message has its turn. Consume them one by one.");
        }
    }

    private DirectInboxFilter<TMessage> Direct<TMessage>(string consumer, InboxRecords<TMessage> records)
        where TMessage : class =>
        endpoint.IsInSequence(typeof(TMessage))
            ? throw new OutboxConfigurationException(
                $"{consumer} on endpoint '{endpoint.Name}' consumes {typeof(TMessage).Name}, which is in sequence: a message and its turn are one transaction. Remove "
                + "Inbox(x => x.Transactional = false).")
            : new DirectInboxFilter<TMessage>(endpoint, records);
}
