using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Builds the rider when MassTransit builds its bus.</summary>
internal sealed class KafkaRiderFactory(
    Action<IRiderRegistrationContext, IKafkaOutboxConfigurator> configure, Func<IServiceProvider, IBusRegistrationContext> bus) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var shared = new SharedRegistrationContext(context, bus);
        var specification = new KafkaRiderSpecification(context, new UnusedConsumers(context));
        configure(shared, specification);
        return specification;
    }
}
