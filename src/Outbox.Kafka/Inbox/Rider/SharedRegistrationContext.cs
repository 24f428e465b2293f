using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>
/// Finds what was added to the rider (<c>r.AddConsumer</c>), and otherwise what was added to the bus (<c>x.AddConsumer</c>): to a user both are the same.
/// </summary>
internal sealed class SharedRegistrationContext(IRiderRegistrationContext rider) : IRiderRegistrationContext, ISetScopedConsumeContext
{
    private IRegistrationContext Bus => rider.GetRequiredService<IBusRegistrationContext>();

    /// <summary>MassTransit asks the context of scoped filters for this, and takes no other.</summary>
    public IDisposable PushContext(IServiceScope serviceProvider, ConsumeContext context) => ((ISetScopedConsumeContext)rider).PushContext(serviceProvider, context);

    public object? GetService(Type serviceType) => rider.GetService(serviceType);

    public IEnumerable<T> GetRegistrations<T>()
        where T : class, IRegistration => rider.GetRegistrations<T>();

    public void ConfigureConsumer(Type consumerType, IReceiveEndpointConfigurator configurator) =>
        For<IConsumerRegistration>(consumerType).ConfigureConsumer(consumerType, configurator);

    public void ConfigureConsumer<T>(IReceiveEndpointConfigurator configurator, Action<IConsumerConfigurator<T>>? configure = null)
        where T : class, IConsumer => For<IConsumerRegistration>(typeof(T)).ConfigureConsumer(configurator, configure);

    public void ConfigureConsumers(IReceiveEndpointConfigurator configurator)
    {
        var owner = rider.GetRegistrations<IConsumerRegistration>().Any() ? rider : Bus;
        owner.ConfigureConsumers(configurator);
    }

    public void ConfigureSaga(Type sagaType, IReceiveEndpointConfigurator configurator) =>
        For<ISagaRegistration>(sagaType).ConfigureSaga(sagaType, configurator);

    public void ConfigureSaga<T>(IReceiveEndpointConfigurator configurator, Action<ISagaConfigurator<T>>? configure = null)
        where T : class, ISaga => For<ISagaRegistration>(typeof(T)).ConfigureSaga(configurator, configure);

    public void ConfigureSagas(IReceiveEndpointConfigurator configurator)
    {
        var owner = rider.GetRegistrations<ISagaRegistration>().Any() ? rider : Bus;
        owner.ConfigureSagas(configurator);
    }

    public void ConfigureExecuteActivity(Type activityType, IReceiveEndpointConfigurator configurator) =>
        For<IExecuteActivityRegistration>(activityType).ConfigureExecuteActivity(activityType, configurator);

    public void ConfigureActivity(
        Type activityType, IReceiveEndpointConfigurator executeEndpointConfigurator, IReceiveEndpointConfigurator compensateEndpointConfigurator) =>
        For<IActivityRegistration>(activityType).ConfigureActivity(activityType, executeEndpointConfigurator, compensateEndpointConfigurator);

    public void ConfigureActivityExecute(Type activityType, IReceiveEndpointConfigurator executeEndpointConfigurator, Uri compensateAddress) =>
        For<IActivityRegistration>(activityType).ConfigureActivityExecute(activityType, executeEndpointConfigurator, compensateAddress);

    public void ConfigureActivityCompensate(Type activityType, IReceiveEndpointConfigurator compensateEndpointConfigurator) =>
        For<IActivityRegistration>(activityType).ConfigureActivityCompensate(activityType, compensateEndpointConfigurator);

    public void ConfigureFuture(Type futureType, IReceiveEndpointConfigurator configurator) =>
        For<IFutureRegistration>(futureType).ConfigureFuture(futureType, configurator);

    public void ConfigureFuture<T>(IReceiveEndpointConfigurator configurator)
        where T : class, ISaga => For<IFutureRegistration>(typeof(T)).ConfigureFuture<T>(configurator);

    private IRegistrationContext For<T>(Type type)
        where T : class, IRegistration => rider.GetRegistrations<T>().Any(x => x.Type == type) ? rider : Bus;
}
