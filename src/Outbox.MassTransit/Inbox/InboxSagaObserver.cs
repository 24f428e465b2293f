using MassTransit;
using MassTransit.Configuration;
using MassTransit.Metadata;

namespace Outbox.Inbox;

/// <summary>Puts the inbox around each saga of an endpoint, outside of the saga's repository.</summary>
internal sealed class InboxSagaObserver(InboxConsumerObserver filters) : ISagaConfigurationObserver
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
        var filter = new FilterPipeSpecification<ConsumeContext<TMessage>>(filters.ForSaga<TMessage>(TypeMetadataCache<TSaga>.ShortName));
        configurator.Message(message => message.AddPipeSpecification(filter));
    }
}
