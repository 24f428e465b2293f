using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>Puts the bus beside what else publishes.</summary>
internal static class BusDelivery
{
    /// <summary>Called when everything else is configured. Without types on the bus nothing changes.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (!services.Any(service => service.ImplementationInstance is TopicRegistration topic && BusTopics.Contains(topic.Name)))
        {
            return;
        }

        var other = services.LastOrDefault(service => service.ServiceType == typeof(IMessagePublisher));
        if (other?.ImplementationType is { } publisher)
        {
            services.TryAddSingleton(publisher);
        }

        services.RemoveAll<IMessagePublisher>();
        services.AddSingleton<BusPublisher>(provider => new BusPublisher(
            provider.GetRequiredService<IBus>(), provider.GetRequiredService<MessageRegistry>(), provider.GetServices<BusDestination>()));
        services.AddSingleton<IMessagePublisher>(provider => new RoutingPublisher(
            () => (IMessagePublisher)(other switch
            {
                { ImplementationType: { } type } => provider.GetRequiredService(type),
                { ImplementationInstance: { } instance } => instance,
                { ImplementationFactory: { } factory } => factory(provider),
                _ => throw new OutboxConfigurationException("A message is for a Kafka topic, but there is no o.UseKafka()."),
            }),
            new Lazy<BusPublisher>(provider.GetRequiredService<BusPublisher>),
            provider.GetRequiredService<TimeProvider>()));
    }
}
