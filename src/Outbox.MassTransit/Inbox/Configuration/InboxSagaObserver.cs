using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;
using MassTransit.Middleware;

namespace Outbox.Inbox.Configuration;

/// <summary>Puts the inbox around each saga of an endpoint, outside of the saga's repository, and inside of what the saga's own observers put around it.</summary>
internal sealed class InboxSagaObserver(InboxFilters filters) : ISagaConfigurationObserver
{
    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => configurator.ConnectSagaConfigurationObserver(new Last(filters, LimiterOf(configurator)));

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class
    {
    }

    /// <summary>The saga's own <c>ConcurrentMessageLimit</c>, which would have messages wait inside of their transactions.</summary>
    private static ConcurrencyLimiter? LimiterOf<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
        if (configurator is not SagaSpecification<TSaga> { ConcurrentMessageLimit: { } limit } specification)
        {
            return null;
        }

        specification.ConcurrentMessageLimit = null;
        return new ConcurrencyLimiter(limit, TypeMetadataCache<TSaga>.ShortName);
    }

    private sealed class Last(InboxFilters filters, ConcurrencyLimiter? limiter) : ISagaConfigurationObserver
    {
        public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
            where TSaga : class, ISaga
        {
        }

        public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
            where TInstance : class, ISaga, SagaStateMachineInstance
        {
        }

        public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
            where TSaga : class, ISaga
            where TMessage : class
        {
            // What its Message method adds would come after the repository.
            var around = (ISagaMessageConfigurator<TMessage>)configurator;
            if (limiter is not null)
            {
                around.AddPipeSpecification(new ConcurrencyLimitConsumePipeSpecification<TMessage>(limiter));
            }

            around.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext<TMessage>>(filters.ForSaga<TMessage>(TypeMetadataCache<TSaga>.ShortName)));
        }
    }
}
