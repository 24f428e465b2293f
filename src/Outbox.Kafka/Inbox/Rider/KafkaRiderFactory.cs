using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>Builds the rider when MassTransit builds its bus.</summary>
internal sealed class KafkaRiderFactory(Action<IRiderRegistrationContext, IKafkaOutboxConfigurator> configure) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var specification = new KafkaRiderSpecification(context);
        configure(new SharedRegistrationContext(context), specification);
        return specification;
    }
}
