using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.Inbox.Health;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.DeadLettering;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Ending;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Rider;
using Outbox.Kafka.Inbox.Turns;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>Puts together what consumes a build's topic: as a topic endpoint does, but that messages go from the topic to the rows without MassTransit's pipeline.</summary>
internal sealed class ProjectionParts
{
    private static readonly BatchLimits Pages = new(MessageLimit: 500, ConcurrencyLimit: 2, TimeLimit: TimeSpan.FromMilliseconds(10));

    private readonly IServiceProvider _services;
    private readonly ProjectionBuild _build;
    private readonly TopicEndpointSettings _settings;
    private readonly EndpointName _name;

    /// <summary>Always open: a read model is built again, and not replayed.</summary>
    private readonly ReplayGate _gate = new(isOpen: true);

    public ProjectionParts(IServiceProvider services, ProjectionBuild build)
    {
        (_services, _build) = (services, build);
        _settings = new TopicEndpointSettings { Topic = build.Registration.Topic, Group = build.Id, Batches = Pages, PrefetchCount = 4 * Pages.MessageLimit };
        _name = new EndpointName(build.Id, new KnownTopics(new TopicSelector(build.Registration.Topic).WithPrefix(Kafka.TopicPrefix)));
    }

    public TimeSpan RevokeTimeout => _settings.RevokeTimeout;

    private KafkaOptions Kafka => Get<IOptions<KafkaOptions>>().Value;

    private OutboxOptions Outbox => Get<IOptions<OutboxOptions>>().Value;

    private InboxMetrics Metrics => Get<InboxMetrics>();

    private TimeProvider Time => Get<TimeProvider>();

    private ILogger Logger => Get<ILoggerFactory>().CreateLogger("Outbox.Inbox");

    private RetryWaits Waits => new(Outbox, Time);

    private IReorderBuffer Buffer => _build.Registration.From == RebuildFrom.History ? new RecordsOnly(Get<IReorderBuffer>()) : Get<IReorderBuffer>();

    public RunningParts Start(CancellationToken stopping)
    {
        var health = new EndpointHealth(null, Get<EndpointStates>().Of(_name.Group, _name.Topic), stopping);
        var gaps = new GapReport(Metrics, Logger);
        var queues = new EntityQueues(_settings.Group, Buffer, null);
        var way = new MessageWay(
            [
                new ReadStep(_settings.Group, Get<MessageRegistry>(), new ProjectedTypes(_build.Registration), new MissingIds(_settings.Group, Metrics, Logger), Kafka.TopicPrefix),
                new ProjectStep(_build, Get<IProjectionPages>()),
            ],
            Ending(health, queues, gaps));
        var sweep = new ParkedSweep(_name, new SweepPass(_name, Buffer, queues, way, new GapSweep(Buffer, repair: null, gaps)) { Gate = _gate }, Outbox.QueryDelay, Time, Logger);
        return new RunningParts(Receive(way, health), sweep, health);
    }

    private ConsumeLoop Receive(MessageWay way, EndpointHealth health) => new(
        new ConsumerFactory(_name, _settings, Kafka, Outbox, Logger),
        () => new Assignment(_name, _settings, new LostMessages(_name, Metrics, health.State, Logger), Time, Logger),
        new Intake(_name, new BatchDispatcher(_settings, Pages, Waits, Time, way.ProcessAsync), health, Logger),
        new OffsetCommits(_name, Time, Logger),
        new Watches(new BrokerWatch(_name, health, Kafka, Time, Logger), new ClientWatch(_name, new ClientProbe(Kafka), Time, Logger)))
    {
        Gate = _gate,
    };

    /// <summary>No fault is published: a projection has no effects.</summary>
    private MessageEnding Ending(EndpointHealth health, EntityQueues queues, GapReport gaps)
    {
        var parkedAs = new ParkedAs(_settings, new FailurePolicies([], _settings, canHold: false), Time);
        var deadLetters = new DeadLetters(new DeadLetterTopic(null, Kafka.TopicPrefix), Get<DeadLetterProducer>(), health, Waits, Logger);
        var parking = new Parking(parkedAs, Get<IInboxParking>(), deadLetters, Metrics, Logger);
        return new MessageEnding(
            new Failures(Get<Outages>(), new KillSwitch(_name, null, health, Time, Logger), new FailedMessages(null, parking), Waits, Logger),
            parking,
            new Waiting(parkedAs, queues, Get<TopicSequenceOptions>(), gaps),
            queues,
            new Resting(_name, health, Waits, Logger));
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
