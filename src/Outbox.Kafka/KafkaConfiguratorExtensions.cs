using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Publishing;
using Outbox.History.Projecting.Building;
using Outbox.History.Replaying;
using Outbox.Inbox;
using Outbox.Kafka;
using Outbox.Kafka.Delivery;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Delivery.Sending;
using Outbox.Kafka.Formats.Custom;
using Outbox.Kafka.History.Repair;
using Outbox.Kafka.History.Replaying;
using Outbox.Kafka.Inbox.DeadLettering;
using Outbox.Kafka.Inbox.Projecting;
using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox;

/// <summary>Sends the outbox to Kafka.</summary>
public static class KafkaConfiguratorExtensions
{
    /// <summary>
    /// Publishes to Kafka. Options come from the configuration section <c>Outbox:Kafka</c> and then from <paramref name="configure"/>. Where it is said several times, as by the parts of a service,
    /// what is said last counts.
    /// </summary>
    public static void UseKafka(this OutboxConfigurator outbox, Action<KafkaOptions>? configure = null)
    {
        var options = outbox.Services.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        outbox.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>());
        outbox.Services.TryAddSingleton<ITopicNames, PrefixedTopicNames>();
        outbox.Services.TryAddSingleton(WithFormats);
        outbox.Services.TryAddSingleton<ITopicAdmin, TopicAdmin>();
        outbox.Services.TryAddSingleton<RepairTopics>();
        outbox.Services.TryAddSingleton<KafkaInstaller>();
        outbox.Services.TryAddSingleton<RetentionCheck>();
        outbox.Services.AddRequests();
        if (outbox.Services.All(service => service.ImplementationType != typeof(InstallerService)))
        {
            // Before the relay and the bus: a producer that asks for a topic can make the brokers create it, with their own number of partitions.
            outbox.Services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, InstallerService>());
        }

        outbox.Services.TryAddSingleton<ClientErrors>();
        outbox.Services.TryAddSingleton<ITopicQuestions, TopicQuestions>();
        outbox.Services.TryAddSingleton<PartitionAgreement>();
        outbox.Services.TryAddSingleton<PlaceBook>();
        outbox.Services.TryAddSingleton<SenderTools>();
        outbox.Services.TryAddSingleton<DeadLetterProducer>();
        outbox.Services.TryAddSingleton<SenderPool>();
        outbox.Services.AddHostedService<TakeoverService>();
        outbox.Services.TryAddSingleton<IMessagePublisher, KafkaPublisher>();
        outbox.Services.TryAddSingleton<InboxMetrics>();
        outbox.Services.TryAddSingleton<IProjectionFeed, KafkaProjectionFeed>();
        outbox.Services.TryAddEnumerable(ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, ProjectionConsumers>());
        outbox.Services.TryAddSingleton<ReplayTools>();
        outbox.Services.TryAddSingleton<RequestTopics>();
        outbox.Services.TryAddSingleton<IHistoryRequests>(provider => ActivatorUtilities.CreateInstance<HistoryRequests>(provider));
        outbox.Services.TryAddEnumerable(ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService, HistoryReplayService>());
    }

    private static ProducerFactory WithFormats(IServiceProvider provider)
    {
        var factory = ActivatorUtilities.CreateInstance<ProducerFactory>(provider);
        factory.Formats = new CustomFormats(provider.GetRequiredService<MessageRegistry>().All);
        return factory;
    }
}
