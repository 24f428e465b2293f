using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Delivery;

/// <summary>Puts the bus beside what else publishes.</summary>
internal static class BusDelivery
{
    /// <summary>Called when everything else is configured. What else publishes keeps all but what is for the bus: types that are registered for it, and answers to requests.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var other = services.LastOrDefault(service => service.ServiceType == typeof(IMessagePublisher) && service.ImplementationType != typeof(NoPublisher));
        if (other is null && !services.Any(service => service.ImplementationInstance is TopicRegistration topic && BusTopics.Contains(topic.Name)))
        {
            return;
        }

        if (other?.ImplementationType is { } publisher)
        {
            services.TryAddSingleton(publisher);
        }

        services.RemoveAll<IMessagePublisher>();
        services.AddSingleton<BusPublisher>(provider => new BusPublisher(
            provider.GetRequiredService<IBus>(),
            provider.GetRequiredService<MessageRegistry>(),
            provider.GetServices<BusDestination>(),
            provider.GetRequiredService<ILaneGuard>()));
        services.AddSingleton<IMessagePublisher>(provider => new RoutingPublisher(
            new Lazy<IMessagePublisher>(() => (IMessagePublisher)(other switch
            {
                { ImplementationType: { } type } => provider.GetRequiredService(type),
                { ImplementationInstance: { } instance } => instance,
                { ImplementationFactory: { } factory } => factory(provider),
                _ => throw new OutboxConfigurationException("A message is for a Kafka topic, but there is no o.UseKafka()."),
            })),
            new Lazy<BusPublisher>(provider.GetRequiredService<BusPublisher>),
            provider.GetRequiredService<TimeProvider>()));
    }
}
