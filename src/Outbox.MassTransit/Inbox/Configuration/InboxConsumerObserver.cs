using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;
using MassTransit.Middleware;

namespace Outbox.Inbox.Configuration;

/// <summary>
/// Puts the inbox around each consumer of an endpoint, outside of the consumer's factory, so that a retried transaction gets a new consumer. It joins a consumer's own observers when these are
/// complete, so that what they put around the consumer is around the transaction.
/// </summary>
internal sealed class InboxConsumerObserver(InboxFilters filters) : IConsumerConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class => configurator.ConnectConsumerConfigurationObserver(new Last(filters, LimiterOf(configurator)));

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
    }

    /// <summary>The consumer's own <c>ConcurrentMessageLimit</c>, which would have messages wait inside of their transactions.</summary>
    private static ConcurrencyLimiter? LimiterOf<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
        if (configurator is not ConsumerSpecification<TConsumer> { ConcurrentMessageLimit: { } limit } specification)
        {
            return null;
        }

        specification.ConcurrentMessageLimit = null;
        return new ConcurrencyLimiter(limit, TypeMetadataCache<TConsumer>.ShortName);
    }

    private sealed class Last(InboxFilters filters, ConcurrencyLimiter? limiter) : IConsumerConfigurationObserver
    {
        public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
            where TConsumer : class
        {
        }

        public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
            where TConsumer : class
            where TMessage : class
        {
            var around = (IConsumerMessageConfigurator<TMessage>)configurator;
            if (limiter is not null)
            {
                around.AddPipeSpecification(new ConcurrencyLimitConsumePipeSpecification<TMessage>(limiter));
            }

            around.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext<TMessage>>(filters.ForConsumer<TMessage>(TypeMetadataCache<TConsumer>.ShortName)));
        }
    }
}
