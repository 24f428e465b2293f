using System.Reflection;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Kafka;
using Outbox.Kafka.History.Repair;
using Outbox.Kafka.Inbox.Rider;

namespace Outbox;

/// <summary>Consumes Kafka topics with MassTransit consumers.</summary>
public static class KafkaRiderExtensions
{
    /// <summary>
    /// Consumes topics that an outbox publishes to. Each message is processed once: the inbox record, the consumer's writes and its own messages are one
    /// transaction. What fails after the endpoint's retries, or cannot be read, is parked, and its partition goes on.
    /// </summary>
    /// <remarks>
    /// Retries, on the endpoint or on a consumer, are outside of the transaction: each attempt has one of its own. A message that has several consumers on an endpoint is processed once by
    /// each, in a transaction each. A saga's state is its repository's own and not part of the transaction. Handlers run without the inbox.
    /// </remarks>
    public static void UsingKafkaOutbox(
        this IRiderRegistrationConfigurator rider, Action<IRiderRegistrationContext, IKafkaOutboxConfigurator> configure)
    {
        rider.TryAddSingleton<RepairEndpoints>();
        rider.TryAddSingleton<RepairMetrics>();
        rider.SetRiderFactory(new KafkaRiderFactory(configure, BusOf(rider)));
    }

    /// <summary>A service may have several buses, each with riders and consumers of its own.</summary>
    private static Func<IServiceProvider, IBusRegistrationContext> BusOf(IRiderRegistrationConfigurator rider) =>
        Array.Find(rider.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRiderRegistrationConfigurator<>)) is { } own
            ? typeof(KafkaRiderExtensions).GetMethod(nameof(Bound), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(own.GetGenericArguments())
                .CreateDelegate<Func<IServiceProvider, IBusRegistrationContext>>()
            : static services => services.GetRequiredService<IBusRegistrationContext>();

    private static IBusRegistrationContext Bound<TBus>(IServiceProvider services)
        where TBus : class, IBus => services.GetRequiredService<Bind<TBus, IBusRegistrationContext>>().Value;
}
