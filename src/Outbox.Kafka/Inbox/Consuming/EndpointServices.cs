using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Configuration;
using Outbox.Kafka.Inbox.Failing;
using Outbox.Kafka.Inbox.Holding;
using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>What an endpoint takes from the service that it runs in.</summary>
internal sealed class EndpointServices(IServiceProvider services, TopicEndpointSettings settings, HandledTypes handled)
{
    public TopicEndpointSettings Settings => settings;

    /// <summary>The topic, or the pattern, as the brokers know it.</summary>
    public string TopicName => Topics.ToString();

    /// <summary>The topics as the brokers know them.</summary>
    public TopicSelector Topics => KnownTopics.Selector;

    public KnownTopics KnownTopics { get; } = new(
        new TopicSelector(settings.Topic).WithPrefix(services.GetRequiredService<IOptions<KafkaOptions>>().Value.TopicPrefix));

    public HandledTypes Handled => handled;

    public KafkaOptions Kafka { get; } = services.GetRequiredService<IOptions<KafkaOptions>>().Value;

    public OutboxOptions Outbox { get; } = services.GetRequiredService<IOptions<OutboxOptions>>().Value;

    public MessageRegistry Registry { get; } = services.GetRequiredService<MessageRegistry>();

    public IInboxParking Parking { get; } = services.GetRequiredService<IInboxParking>();

    public IInbox Inbox { get; } = services.GetRequiredService<IInbox>();

    /// <summary>Whether the store can have messages wait and be tried again.</summary>
    public bool HasBuffer => services.GetService<IReorderBuffer>() is not null;

    public IReorderBuffer Buffer => services.GetService<IReorderBuffer>() ?? throw new OutboxConfigurationException(
        "Message types in sequence need a store with a reorder buffer, such as o.UseMongoDb.");

    public DeadLetterProducer DeadLetterProducer { get; } = services.GetRequiredService<DeadLetterProducer>();

    public RetentionCheck Retention { get; } = services.GetRequiredService<RetentionCheck>();

    /// <summary>What happens to entities whose messages fail.</summary>
    public FailurePolicies Failures { get; } = new(
        handled.Of(services.GetRequiredService<MessageRegistry>(), new TopicSelector(settings.Topic)), settings, services.GetService<IHeldMessages>() is not null);

    /// <summary>Whether the store can have messages queue behind one that failed.</summary>
    public bool CanHold => services.GetService<IHeldMessages>() is not null;

    public IHeldMessages Held => services.GetRequiredService<IHeldMessages>();

    public SequenceOptions SequencesOf(string topic) => services.GetRequiredService<TopicSequenceOptions>().Of(topic);

    public IReadOnlyList<IOutageDetector> OutageDetectors { get; } = [.. services.GetServices<IOutageDetector>()];

    public InboxMetrics Metrics { get; } = services.GetRequiredService<InboxMetrics>();

    public TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    public ILogger Logger { get; } = services.GetRequiredService<ILoggerFactory>().CreateLogger("Outbox.Inbox");
}
