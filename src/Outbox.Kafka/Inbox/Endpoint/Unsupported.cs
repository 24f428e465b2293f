using MassTransit;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>Refuses what needs a bus that messages can be sent to by address: on a topic endpoint it would start, and fail or wait for ever when it is used.</summary>
internal sealed class Unsupported(string endpoint) : IConsumerConfigurationObserver, ISagaConfigurationObserver, IActivityConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
        if (Array.Exists(typeof(TConsumer).GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IJobConsumer<>)))
        {
            throw Refuse(typeof(TConsumer), "is a job consumer, whose state machines talk by address", "Put it on an endpoint of the bus, and have a consumer here submit the job.");
        }
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
    }

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
        if (typeof(TInstance) == typeof(FutureState))
        {
            throw Refuse(stateMachine.GetType(), "is a future, whose commands and results travel by address", "Put it on an endpoint of the bus.");
        }

        if (Array.Find(stateMachine.GetType().GetProperties(), property => IsRequest(property.PropertyType)) is { } request)
        {
            throw Refuse(
                stateMachine.GetType(),
                $"has a Request ({request.Name}), whose response could not be sent to a topic",
                "Send a command and have its receiver publish an event that the saga consumes; a Schedule tells when none has come.");
        }
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class
    {
    }

    public void ActivityConfigured<TActivity, TArguments>(IExecuteActivityConfigurator<TActivity, TArguments> configurator, Uri compensateAddress)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => throw Activity(typeof(TActivity));

    public void ExecuteActivityConfigured<TActivity, TArguments>(IExecuteActivityConfigurator<TActivity, TArguments> configurator)
        where TActivity : class, IExecuteActivity<TArguments>
        where TArguments : class => throw Activity(typeof(TActivity));

    public void CompensateActivityConfigured<TActivity, TLog>(ICompensateActivityConfigurator<TActivity, TLog> configurator)
        where TActivity : class, ICompensateActivity<TLog>
        where TLog : class => throw Activity(typeof(TActivity));

    private static bool IsRequest(Type type) => type is { IsGenericType: true, Namespace: nameof(MassTransit) } && type.Name.StartsWith("Request`", StringComparison.Ordinal);

    private OutboxConfigurationException Activity(Type type) =>
        Refuse(type, "is an activity of routing slips, which travel by address", "Put it on an endpoint of the bus.");

    private OutboxConfigurationException Refuse(Type type, string reason, string instead) => new($"{type.Name} on {endpoint} {reason}. {instead}");
}
