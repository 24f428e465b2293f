using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Configuration;
using Outbox.Messages;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>What an endpoint takes from the service that it runs in.</summary>
internal sealed class EndpointServices(IServiceProvider services, TopicEndpointSettings settings, HandledTypes handled)
{
    public TopicEndpointSettings Settings => settings;

    /// <summary>The topic as the brokers know it.</summary>
    public string TopicName => Kafka.TopicPrefix + settings.Topic;

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

    public SequenceOptions Sequences { get; } = services.GetRequiredService<IOptions<SequenceOptions>>().Value;

    public IReadOnlyList<IOutageDetector> OutageDetectors { get; } = [.. services.GetServices<IOutageDetector>()];

    public InboxMetrics Metrics { get; } = services.GetRequiredService<InboxMetrics>();

    public TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    public ILogger Logger { get; } = services.GetRequiredService<ILoggerFactory>().CreateLogger("Outbox.Inbox");
}
