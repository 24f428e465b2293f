using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Kafka;
using Outbox.Kafka.Asking.Clients;
using Outbox.Kafka.Asking.Replies;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Installation;

namespace Outbox;

/// <summary>Asks other services over Kafka, outside of the outbox.</summary>
public static class RequestClientExtensions
{
    /// <summary>
    /// Has an injected <c>IRequestClient&lt;T&gt;</c> ask on a Kafka topic, where a <c>RequestEndpoint</c> of another service answers. Options come from the configuration section <c>Outbox:Requests</c> first. The
    /// service needs the rider, <c>UsingKafkaOutbox</c>, which reads the answers.
    /// </summary>
    /// <remarks>
    /// <c>GetResponse</c> throws <c>RequestTimeoutException</c> when there is no answer in time, <c>RequestFaultException</c> when the consumer that should answer fails, <see cref="TooManyRequestsException"/> when as
    /// many wait as may, and <c>RequestException</c> when the request cannot be sent.
    /// </remarks>
    /// <param name="registration">The registration of the bus.</param>
    /// <param name="topic">The topic of whoever answers, without <c>Outbox:Kafka:TopicPrefix</c>.</param>
    /// <param name="configure">Sets what differs from other requests.</param>
    public static void AddOutboxRequestClient<T>(this IBusRegistrationConfigurator registration, string topic, Action<RequestClientOptions>? configure = null)
        where T : class
    {
        var options = new RequestClientOptions();
        configure?.Invoke(options);
        var definition = new RequestDefinition(typeof(T), topic, options);
        registration.AddSingleton(definition);
        registration.AddScoped<IRequestClient<T>>(services => new OutboxRequestClient<T>(
            definition,
            services.GetService<Requests>() ?? throw new OutboxConfigurationException($"AddOutboxRequestClient<{typeof(T).Name}>(\"{topic}\") asks over Kafka. Call o.UseKafka(…) inside AddOutbox."),
            services.GetService<IScopedConsumeContextProvider>() is { HasContext: true } consumed ? consumed.GetContext() : null));
    }

    internal static void AddRequests(this IServiceCollection services)
    {
        services.AddValidatedOptions<RequestOptions>(RequestOptions.Section);
        services.TryAddSingleton<RequestMetrics>();
        services.TryAddSingleton<RequestProducer>();
        services.TryAddSingleton<RequestRoute>();
        services.TryAddSingleton<RequestTopics>();
        services.TryAddSingleton<RequestInstaller>();
        services.TryAddSingleton<Requests>();
        services.TryAddSingleton<ReplyBox>();
        services.TryAddSingleton<ReplyTopic>();
        services.TryAddSingleton<ReplyConsumers>();
    }
}
